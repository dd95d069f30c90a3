package simulator_test

import (
	"context"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"chipproof/apdu"
	"chipproof/cardreader"
	"chipproof/proofing/thaiid"
	"chipproof/simulator"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// faulty is the default person's card with a plan.
func faulty(tb testing.TB, plan string) *simulator.Faulty {
	tb.Helper()
	card, err := simulator.NewFaulty(cardOf(tb, "default", simulator.CardOptions{}), planOf(tb, plan))
	require.NoError(tb, err)
	return card
}

// try sends a command that may fail.
func try(tb testing.TB, card apdu.Transmitter, command string) (string, error) {
	tb.Helper()
	raw, err := hex.DecodeString(command)
	require.NoError(tb, err)
	answer, err := card.Transmit(tb.Context(), raw)
	return strings.ToUpper(hex.EncodeToString(answer)), err
}

// fields reads parts one at a time through a channel and gives their text, or
// the first error.
func fields(ctx context.Context, card apdu.Transmitter, parts ...thaiid.Part) (map[thaiid.Part]string, error) {
	channel := apdu.NewChannel(card, apdu.Form{}, apdu.Limits{})
	if err := channel.Run(ctx, apdu.Command{INS: 0xA4, P1: 4, Data: thaiid.AIDMOI}); err != nil {
		return nil, err
	}
	texts := map[thaiid.Part]string{}
	for _, s := range thaiid.MOI {
		for _, part := range parts {
			if s.Part != part {
				continue
			}
			data, err := channel.Do(ctx, apdu.Command{CLA: 0x80, INS: 0xB0, P1: byte(s.Offset >> 8), P2: byte(s.Offset), Data: []byte{0, byte(s.Length)}})
			if err != nil {
				return nil, err
			}
			texts[part] = strings.TrimRight(string(data), " ")
		}
	}
	return texts, nil
}

func TestWithoutFaultsAFaultyCardIsAGoodOne(t *testing.T) {
	texts, err := fields(t.Context(), faulty(t, "[]"), thaiid.PartCitizenID, thaiid.PartSex)
	require.NoError(t, err)
	assert.Equal(t, map[thaiid.Part]string{thaiid.PartCitizenID: "1101700230708", thaiid.PartSex: "1"}, texts)
}

func TestAFaultComesAtItsExchangeAndOnce(t *testing.T) {
	dialogue(t, faulty(t, "- {exchange: 2, do: status, word: 6F00}"),
		selectMOI, "610A",
		"80B0000402000D", "6F00",
		"80B0000402000D", "610D",
		"00C000000D", citizenID+"9000",
	)
}

func TestAFaultComesAsOftenAsItIsToldTo(t *testing.T) {
	dialogue(t, faulty(t, "- {exchange: 1, do: status, word: [6F01, 6F02], times: 3}"),
		selectMOI, "6F01", selectMOI, "6F02", selectMOI, "6F01", selectMOI, "610A")
}

func TestAFaultUntilResetEndsWithTheReset(t *testing.T) {
	card := faulty(t, "- {exchange: 2, do: status, word: 6F00, until: reset}")
	dialogue(t, card, selectMOI, "610A", selectMOI, "6F00", selectMOI, "6F00", selectMOI, "6F00")
	card.Reset()
	dialogue(t, card, selectMOI, "610A", selectMOI, "610A", selectMOI, "610A")
}

func TestAResetBeforeAFaultHasHappenedDoesNotEndIt(t *testing.T) {
	card := faulty(t, "- {exchange: 2, do: status, word: 6F00, until: reset}")
	dialogue(t, card, selectMOI, "610A")
	card.Reset()
	dialogue(t, card, selectMOI, "610A", selectMOI, "6F00")
}

func TestExchangesAreCountedFromTheReset(t *testing.T) {
	card := faulty(t, "- {exchange: 2, do: status, word: 6F00, times: 2}")
	dialogue(t, card, selectMOI, "610A", selectMOI, "6F00")
	card.Reset()
	dialogue(t, card, selectMOI, "610A", selectMOI, "6F00", selectMOI, "610A")
}

func TestOfTwoFaultsTheSecondWaits(t *testing.T) {
	dialogue(t, faulty(t, "- {exchange: 1, do: status, word: 6F01}\n- {exchange: 1, do: status, word: 6F02}"),
		selectMOI, "6F01", selectMOI, "6F02", selectMOI, "610A")
}

func TestAFieldIsFoundInWhateverReadTouchesIt(t *testing.T) {
	for _, field := range []string{"citizen_id", "name", "name.th", "birth_date", "sex"} {
		dialogue(t, faulty(t, "- {field: "+field+", do: status, word: 6A82}"),
			"80B000000200FF", "6986", // nothing is selected: that is no field
			selectMOI, "610A",
			"80B000000200FF", "6A82",
			"80B000000200FF", "61FF",
		)
	}
	dialogue(t, faulty(t, "- {field: address, do: status, word: 6A82}"),
		selectMOI, "610A", "80B000000200FF", "61FF", "80B00179020002", "6102", "80B015790200A0", "6A82")
}

func TestFieldsOfOtherAppletsAreFoundToo(t *testing.T) {
	dialogue(t, faulty(t, "- {field: laser_code, do: status, word: 6F13}\n- {field: card.chip_number, do: status, word: 6F09}\n- {field: nhso.paid_type, do: status, word: 6A82}"),
		getCPLC+"2D", "6F09",
		selectMOI, "610A", "80B000000200FF", "61FF",
		selectADM, "610A", "8000000017", "6F13",
		selectNHSO, "610A", "80B001440200"+"01", "6A82",
	)
}

func TestDataFaultsChangeDataAndKeepTheStatusWord(t *testing.T) {
	read := []string{selectMOI, "610A", "80B0000402000D", "610D"}
	for plan, answer := range map[string]string{
		"- {exchange: 2, do: truncate}":                        "9000",
		"- {exchange: 2, do: truncate, keep: 5}":               citizenID[:10] + "9000",
		"- {field: citizen_id, do: truncate, keep: 5}":         citizenID[:10] + "9000",
		"- {field: citizen_id, do: flip, byte: 12, bit: 1}":    citizenID[:24] + "3A" + "9000",
		"- {exchange: 1, do: flip, byte: 0, bit: 7}":           "B1" + citizenID[2:] + "9000",
		"- {field: sex, do: flip}":                             citizenID + "9000",
		"- {field: citizen_id, do: flip, byte: 13}":            citizenID + "9000",
		"- {exchange: 1, do: truncate, keep: 13}":              citizenID + "9000",
		"- {exchange: 3, do: answer, hex: \"\"}":               "",
		"- {exchange: 3, do: answer, hex: \"90\"}":             "90",
		"- {exchange: 3, do: answer, hex: \"31 32 33 90 00\"}": "3132339000",
	} {
		card := faulty(t, plan)
		dialogue(t, card, read...)
		assert.Equal(t, answer, ask(t, card, "00C000000D"), plan)
	}
}

func TestAFlipIsCountedFromTheFieldInAReadOfMany(t *testing.T) {
	card := faulty(t, "- {field: sex, do: flip, bit: 1}")
	dialogue(t, card, selectMOI, "610A", "80B000000200FF", "61FF")
	answer := ask(t, card, "00C00000FF")
	assert.Equal(t, "33", answer[2*0xE1:2*0xE2], "sex 1 became 3")
}

func TestTruncateByFieldCutsBehindItsBeginning(t *testing.T) {
	card := faulty(t, "- {field: name, do: truncate, keep: 3}")
	dialogue(t, card, selectMOI, "610A", "80B000000200FF", "61FF")
	assert.Len(t, ask(t, card, "00C00000FF"), 2*(0x11+3+2))
}

func TestGarbageIsNoTextAndAsLongAsItIsToldTo(t *testing.T) {
	card := faulty(t, "- {field: name.th, do: garbage}")
	dialogue(t, card, selectMOI, "610A", "80B000000200FF", "61FF")
	raw, err := hex.DecodeString(ask(t, card, "00C00000FF"))
	require.NoError(t, err)
	require.Len(t, raw, 257)
	assert.Equal(t, "00031101700230708", string(raw[:17]), "what stands before the field stays")
	assert.Equal(t, "Mr.#Somchai", string(raw[117:128]), "and what stands behind it")
	for _, b := range raw[17:117] {
		assert.True(t, b >= 0x81 && b <= 0x84 || b >= 0xDB && b <= 0xDE || b >= 0xFC, "%02X", b)
	}

	card = faulty(t, "- {exchange: 1, do: garbage, length: 66560}")
	dialogue(t, card, selectMOI, "610A", "80B000000200FF", "61FF")
	assert.Len(t, ask(t, card, "00C00000FF"), 2*(66560+2))
}

func TestEndless61RunsIntoTheChannelsLimit(t *testing.T) {
	for _, plan := range []string{
		"- {exchange: 2, do: endless_61xx}",
		"- {exchange: 2, do: endless_61xx, length: 256}",
		"- {exchange: 2, do: status, word: 6100, until: cleared}",
		"- {exchange: 2, do: status, word: 6C10, until: cleared}",
		"- {exchange: 2, do: status, word: [6110, 6C10], until: cleared}",
	} {
		card := faulty(t, plan)
		_, err := fields(t.Context(), card, thaiid.PartCitizenID)
		assert.ErrorIs(t, err, apdu.ErrLimit, plan)
	}
}

func TestEndless61EndsWithTheReset(t *testing.T) {
	card := faulty(t, "- {exchange: 1, do: endless_61xx, length: 2}")
	dialogue(t, card, selectMOI, "6102", "00C0000002", "20206102", "00C0000002", "20206102")
	card.Reset()
	dialogue(t, card, selectMOI, "610A")
}

func TestWithoutAReaderALostCardIsLostUntilTheReset(t *testing.T) {
	for plan, cause := range map[string]error{
		"- {exchange: 2, do: remove}":                            cardreader.ErrCardRemoved,
		"- {exchange: 2, do: unplug}":                            cardreader.ErrReaderNotFound,
		"- {exchange: 2, do: service_stop}":                      cardreader.ErrServiceDown,
		"- {exchange: 2, do: reset}":                             cardreader.ErrCardReset,
		"- {exchange: 2, do: torn}":                              cardreader.ErrTorn,
		"- {exchange: 2, do: torn, card: stays}":                 cardreader.ErrTorn,
		"- {exchange: 2, do: torn, card: back, shows: removed}":  cardreader.ErrCardRemoved,
		"- {exchange: 2, do: torn, card: stays, shows: removed}": cardreader.ErrTorn,
	} {
		card := faulty(t, plan)
		dialogue(t, card, selectMOI, "610A")
		for range 3 {
			_, err := try(t, card, selectMOI)
			require.ErrorIs(t, err, cause, plan)
		}
		card.Reset()
		dialogue(t, card, selectMOI, "610A", selectMOI, "610A")
	}
}

func TestAnEmptyAnswerIsWhatPCSCLiteShowsOfATornExchange(t *testing.T) {
	card := faulty(t, "- {exchange: 2, do: torn, shows: empty}")
	dialogue(t, card, selectMOI, "610A", selectMOI, "", selectMOI, "")
}

func TestAnErrorIsNamedByItsPublicCode(t *testing.T) {
	card := faulty(t, "- {exchange: 1, do: error, error: card_unsupported}\n- {exchange: 1, do: error, error: card_timeout}")
	_, err := try(t, card, selectMOI)
	require.ErrorIs(t, err, cardreader.ErrCardUnsupported)
	_, err = try(t, card, selectMOI)
	require.ErrorIs(t, err, cardreader.ErrCardTimeout)
	dialogue(t, card, selectMOI, "610A")
}

func TestASwapChangesThePersonAndLosesTheSelection(t *testing.T) {
	card := faulty(t, "- {exchange: 4, do: swap, person: expired}")
	texts, err := fields(t.Context(), card, thaiid.PartCitizenID)
	require.NoError(t, err)
	assert.Equal(t, "1101700230708", texts[thaiid.PartCitizenID])
	dialogue(t, card, "80B0000402000D", "6986")
	texts, err = fields(t.Context(), card, thaiid.PartCitizenID)
	require.NoError(t, err)
	assert.Equal(t, "1234567890121", texts[thaiid.PartCitizenID])
}

func TestADelayIsLateAndASlowCardStillAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		card := faulty(t, "- {exchange: 2, do: delay, ms: 2000, times: 2}")
		begun := time.Now()
		dialogue(t, card, selectMOI, "610A", "80B0000402000D", "610D", "00C000000D", citizenID+"9000")
		assert.Equal(t, 4*time.Second, time.Since(begun))
	})
}

func TestAMuteCardAnswersTheCallersDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		card := faulty(t, "- {exchange: 1, do: mute}")
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		begun := time.Now()
		_, err := card.Transmit(ctx, []byte{0, 0xA4, 4, 0})
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, 5*time.Second, time.Since(begun))
	})
}

func TestAHangingTransmitTakesNoNoticeOfTheCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		card := faulty(t, "- {exchange: 1, do: hang}")
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		ended := make(chan error, 1)
		go func() {
			_, err := card.Transmit(ctx, []byte{0, 0xA4, 4, 0})
			ended <- err
		}()
		time.Sleep(time.Hour) // of the bubble's clock
		assert.Empty(t, ended)
		card.Reset()
		assert.ErrorIs(t, <-ended, cardreader.ErrCardReset)
	})
}

func TestACallAfterItsDeadlineIsNotCounted(t *testing.T) {
	card := faulty(t, "- {exchange: 1, do: status, word: 6F00}")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := card.Transmit(ctx, []byte{0, 0xA4, 4, 0})
	require.ErrorIs(t, err, context.Canceled)
	dialogue(t, card, selectMOI, "6F00")
}

func TestRemovalCanComeAtEveryIndexOfARead(t *testing.T) {
	good := faulty(t, "[]")
	_, err := fields(t.Context(), good, thaiid.PartCitizenID, thaiid.PartNameTH, thaiid.PartSex, thaiid.PartAddress)
	require.NoError(t, err)
	for index := 1; index <= 9; index++ {
		card, err := simulator.NewFaulty(cardOf(t, "default", simulator.CardOptions{}), simulator.Plan{{Exchange: index, Do: simulator.DoRemove}})
		require.NoError(t, err)
		_, err = fields(t.Context(), card, thaiid.PartCitizenID, thaiid.PartNameTH, thaiid.PartSex, thaiid.PartAddress)
		assert.ErrorIs(t, err, cardreader.ErrCardRemoved, "exchange %d", index)
		card.Reset()
		_, err = fields(t.Context(), card, thaiid.PartCitizenID)
		assert.NoError(t, err, "the next read works")
	}
}

func TestErrorsSayWhatHappenedAndNothingPersonal(t *testing.T) {
	card := faulty(t, "- {field: citizen_id, do: error, error: card_error}")
	_, err := fields(t.Context(), card, thaiid.PartCitizenID)
	require.Error(t, err)
	assert.True(t, errors.Is(err, cardreader.ErrCardError))
	assert.NotContains(t, err.Error(), "1101700230708")
}
