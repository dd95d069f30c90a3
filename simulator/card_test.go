package simulator_test

import (
	"context"
	"encoding/hex"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"chipproof/apdu"
	"chipproof/proofing/thaiid"
	"chipproof/simulator"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Commands as a reader sends them (thai-id-card §1, §2, §8).
const (
	selectMOI     = "00A4040008A000000054480001"
	selectNHSO    = "00A4040008A000000054480083"
	selectADM     = "00A4040008A000000084060002"
	selectManager = "00A40400"
	getCPLC       = "80CA9F7F"
	citizenID     = "31313031373030323330373038" // the default person's
)

func cardOf(tb testing.TB, name string, o simulator.CardOptions) *simulator.Card {
	tb.Helper()
	card, err := simulator.NewCard(person(tb, name), o)
	require.NoError(tb, err)
	return card
}

// ask sends a command in hex and gives the answer in upper-case hex.
func ask(tb testing.TB, card apdu.Transmitter, command string) string {
	tb.Helper()
	raw, err := hex.DecodeString(command)
	require.NoError(tb, err)
	answer, err := card.Transmit(tb.Context(), raw)
	require.NoError(tb, err)
	return strings.ToUpper(hex.EncodeToString(answer))
}

// dialogue is a table of command and answer, in order, on one card.
func dialogue(t *testing.T, card apdu.Transmitter, lines ...string) {
	t.Helper()
	for i := 0; i < len(lines); i += 2 {
		assert.Equal(t, lines[i+1], ask(t, card, lines[i]), "line %d: %s", i/2+1, lines[i])
	}
}

func TestATextIsFetchedBehind61(t *testing.T) {
	dialogue(t, cardOf(t, "default", simulator.CardOptions{}),
		selectMOI, "610A",
		"80B000000200"+"04", "6104",
		"00C0000004", "30303033"+"9000",
		"80B000040200"+"0D", "610D",
		"00C000000D", citizenID+"9000",
	)
}

func TestT0RefusesWhatARealCardRefuses(t *testing.T) {
	dialogue(t, cardOf(t, "default", simulator.CardOptions{}),
		"80B0000002000D", "6986", // before any SELECT
		"8000000017", "6986", // the laser code without ADM
		"00C0000010", "6985", // nothing waits
		"00A4040008A000000054480011", "6A82", // an applet that isn't there
		"00A4000C023F00", "6A86", // SELECT by anything but a name
		"80A4040008A000000054480001", "6E00", // class
		"00B0000002000D", "6E00",
		"0020000108FFFFFFFFFFFFFFFF", "6D00", // VERIFY
		"80B1000002000D", "6986",
		"00", "6700", "00A404", "6700", "00A4040008A0", "6700", // no APDUs
		selectMOI, "610A",
		"80B1000002000D", "6D00", // block 1 is for version 0002
		"80B00004020100", "6700", // 256 bytes
		"80B00004020000", "6700",
		"80B000040100", "6700",
		"80B00004", "6700",
		"80B017260200"+"02", "6A86", // one byte beyond the end
		"80B017260200"+"01", "6101",
		"80B1000002000D", "6D00",
		"00C0000001", "6985", // the command between gave up what waited
		"80B000040200"+"0D", "610D",
		"80C000000D", "6E00", // GET RESPONSE has class 00 always
		"00C000010D", "6A86", // and this card wants P2 00
		"00C001000D", "6A86",
		"00C000000C", "6C0D", "00C0000000", "6C0D", "00C000000E", "6C0D", "00C00000", "6C0D",
		"00C000000D", citizenID+"9000",
		"00C000000D", "6985",
		"8000000017", "6986",
		getCPLC+"2D", "6D00", // CPLC between MOI commands
	)
}

func TestAnotherAppletLosesTheFirst(t *testing.T) {
	card := cardOf(t, "default", simulator.CardOptions{})
	dialogue(t, card,
		selectMOI, "610A", "80B000040200"+"0D", "610D",
		selectADM, "610A", "00C000000D", "6C0A", "80B000040200"+"0D", "6986",
		selectNHSO, "610A", "80B001440200"+"01", "6101", "00C0000001", "319000",
		selectManager, "6112", "80B000040200"+"0D", "6986",
	)
	card.Reset()
	dialogue(t, card, "80B000040200"+"0D", "6986")
}

func TestASelectThatFailsLeavesTheSelection(t *testing.T) {
	dialogue(t, cardOf(t, "alien", simulator.CardOptions{}),
		selectMOI, "610A", selectNHSO, "6A82", "80B000040200"+"0D", "610D")
}

func TestAnOldATRWantsGetResponseWithP201(t *testing.T) {
	card := cardOf(t, "old-atr", simulator.CardOptions{})
	assert.Equal(t, "3b6700005448204e494420", hex.EncodeToString(card.ATR()))
	dialogue(t, card,
		selectMOI, "610A", "80B000000200"+"04", "6104",
		"00C0000004", "6A86", // refused, and the data stays
		"00C0000104", "303030339000",
	)
}

func TestT1GivesDataAtOnce(t *testing.T) {
	dialogue(t, cardOf(t, "default", simulator.CardOptions{Protocol: simulator.T1}),
		selectMOI, "6F088406A000000054489000",
		"80B000000200"+"04", "303030339000",
		"80B000000200"+"04"+"00", "303030339000",
		"80B000000200"+"04"+"02", "6C04",
		selectADM, "6F088406A000000054489000",
		"80000000", "01000000000000"+strings.ToUpper(hex.EncodeToString([]byte("JT1234567890")))+"000000009000",
	)
}

func TestTheLaserCodeComesInBothForms(t *testing.T) {
	code := strings.ToUpper(hex.EncodeToString([]byte("JT1234567890"))) + "00000000"
	dialogue(t, cardOf(t, "default", simulator.CardOptions{}),
		selectADM, "610A",
		"8000000017", "01000000000000"+code+"9000",
		"8000000007", "010000000000006110", "00C0000010", code+"9000",
		"80000000", "6117", "00C0000017", "01000000000000"+code+"9000",
		"8000000080", "6C17", "80000000FF", "6C17", "8000000000", "6C17",
		"8000010017", "6A86", "80000000020000", "6700",
	)
}

func TestTheChipNumberIsInTheCPLC(t *testing.T) {
	card := cardOf(t, "default", simulator.CardOptions{})
	dialogue(t, card,
		"00A4040000", "6C12", selectManager, "6112",
		getCPLC+"00", "6C2D", getCPLC, "6C2D", "80CA006600", "6A88", getCPLC+"020000", "6700",
	)
	answer := ask(t, card, getCPLC+"2D")
	require.Len(t, answer, 2*(45+2))
	assert.Equal(t, "9F7F2A", answer[:6])
	assert.Equal(t, "0123456789ABCDEF", answer[2*13:2*21], "bytes 13 to 20")
}

func TestAHiddenCardManagerTellsTheNumberAllTheSame(t *testing.T) {
	card := cardOf(t, "alien", simulator.CardOptions{})
	dialogue(t, card, selectManager, "6A82", getCPLC+"00", "6C2D", selectMOI, "610A")
	assert.Len(t, ask(t, card, getCPLC+"2D"), 2*(45+2))
}

func TestWhatACardDoesNotHaveIsRefused(t *testing.T) {
	dialogue(t, cardOf(t, "sparse", simulator.CardOptions{}),
		selectNHSO, "6A82", selectADM, "6A82", selectManager, "6112", getCPLC+"00", "6A88")
}

func TestAVersion0002CardHasItsTextInBlock1AndItsAddressInBlock0(t *testing.T) {
	card := cardOf(t, "version-2", simulator.CardOptions{Protocol: simulator.T1})
	ask(t, card, selectMOI)
	assert.Equal(t, "30303032"+"9000", ask(t, card, "80B000000200"+"04"))
	assert.Equal(t, strings.ToUpper(hex.EncodeToString([]byte("5000000000001")))+"9000", ask(t, card, "80B100040200"+"0D"))
	assert.True(t, strings.HasPrefix(ask(t, card, "80B000040200"+"96"), "3623"), "the address begins with the house number")
	assert.Equal(t, "6A86", ask(t, card, "80B000050200"+"96"))
	assert.Equal(t, "FFD89000", ask(t, card, "80B1017B0200"+"02"))
	assert.Equal(t, "6A86", ask(t, card, "80B115790200"+"01"))
}

func TestThePartsLieWhereTheLayoutSays(t *testing.T) {
	card := cardOf(t, "default", simulator.CardOptions{Protocol: simulator.T1})
	read := func(aid []byte, layout []thaiid.Segment, part thaiid.Part) string {
		ask(t, card, "00A4040008"+hex.EncodeToString(aid))
		for _, s := range layout {
			if s.Part == part {
				answer := ask(t, card, "80B0"+hex.EncodeToString([]byte{byte(s.Offset >> 8), byte(s.Offset), 2, 0, byte(s.Length)}))
				raw, err := hex.DecodeString(answer[:len(answer)-4])
				require.NoError(t, err)
				return string(raw)
			}
		}
		return ""
	}
	// TIS-620 by hand: น B9 า D2 ย C2, ส CA ม C1 ช AA, ใ E3 จ A8 ด B4 ี D5.
	assert.Equal(t, "\xB9\xD2\xC2#\xCA\xC1\xAA\xD2\xC2##\xE3\xA8\xB4\xD5"+strings.Repeat(" ", 85), read(thaiid.AIDMOI, thaiid.MOI, thaiid.PartNameTH))
	assert.Equal(t, "Mr.#Somchai##Jaidee"+strings.Repeat(" ", 81), read(thaiid.AIDMOI, thaiid.MOI, thaiid.PartNameEN))
	assert.Equal(t, "25251231", read(thaiid.AIDMOI, thaiid.MOI, thaiid.PartBirthDate))
	assert.Equal(t, "1", read(thaiid.AIDMOI, thaiid.MOI, thaiid.PartSex))
	assert.Equal(t, "\x10\x00", read(thaiid.AIDMOI, thaiid.MOI, thaiid.PartPhotoLength))
	assert.Equal(t, "7603-01-150001", read(thaiid.AIDMOI, thaiid.MOI, thaiid.PartPhotoNumber))
	assert.Equal(t, 7, strings.Count(read(thaiid.AIDMOI, thaiid.MOI, thaiid.PartAddress), "#"))
	assert.Equal(t, "25751230", read(thaiid.AIDNHSO, thaiid.NHSO, thaiid.PartNHSOExpiryDate))
}

func TestTheLongAddressIsLongerThan100Bytes(t *testing.T) {
	card := cardOf(t, "long-address", simulator.CardOptions{Protocol: simulator.T1})
	ask(t, card, selectMOI)
	raw, err := hex.DecodeString(ask(t, card, "80B015790200"+"A0"))
	require.NoError(t, err)
	address := strings.TrimRight(string(raw[:160]), " ")
	assert.Greater(t, len(address), 100)
}

func TestOverwriteMakesACardLie(t *testing.T) {
	p := person(t, "default")
	p.Overwrite = map[string]string{"photo.length": "ffff", "name.th": "FF 23", "birth_date": "3235313331333939"}
	card, err := simulator.NewCard(p, simulator.CardOptions{Protocol: simulator.T1})
	require.NoError(t, err)
	dialogue(t, card,
		selectMOI, "6F088406A000000054489000",
		"80B001790200"+"02", "FFFF9000",
		"80B000110200"+"04", "FF23C2239000", // the rest of the part stays
		"80B000D90200"+"08", "32353133313339399000",
	)
}

func TestAnATRCanBeAnything(t *testing.T) {
	for _, atr := range [][]byte{{}, make([]byte, 40), {0x3B, 0x8F}} {
		assert.Equal(t, atr, cardOf(t, "default", simulator.CardOptions{ATR: atr}).ATR())
	}
	assert.Equal(t, "3b799600005448204e4944203138", hex.EncodeToString(cardOf(t, "default", simulator.CardOptions{}).ATR()))
}

// readAll reads as every reader does: SELECT, then each stretch by READ and GET
// RESPONSE. It gives the number of exchanges.
func readAll(tb testing.TB, card *simulator.Card, stretches ...[2]int) int {
	tb.Helper()
	before := card.Exchanges()
	channel := apdu.NewChannel(card, apdu.Form{}, apdu.Limits{})
	require.NoError(tb, channel.Run(tb.Context(), apdu.Command{INS: 0xA4, P1: 4, Data: thaiid.AIDMOI}))
	for _, s := range stretches {
		for from := s[0]; from < s[1]; from += 255 {
			n := min(255, s[1]-from)
			data, err := channel.Do(tb.Context(), apdu.Command{CLA: 0x80, INS: 0xB0, P1: byte(from >> 8), P2: byte(from), Data: []byte{0, byte(n)}})
			require.NoError(tb, err)
			require.Len(tb, data, n)
		}
	}
	return card.Exchanges() - before
}

// The table of thai-id-card §2.
func TestReadsCostAsManyExchangesAsTheyDoOnARealCard(t *testing.T) {
	card := cardOf(t, "default", simulator.CardOptions{})
	var fields [][2]int
	for _, s := range thaiid.MOI {
		switch s.Part {
		case thaiid.PartCitizenID, thaiid.PartNameTH, thaiid.PartNameEN, thaiid.PartBirthDate, thaiid.PartSex,
			thaiid.PartIssuer, thaiid.PartIssueDate, thaiid.PartExpiryDate, thaiid.PartAddress:
			fields = append(fields, [2]int{s.Offset, s.End()})
		}
	}
	require.Len(t, fields, 9)
	again := [2]int{0x0004, 0x0011}
	assert.Equal(t, 19, readAll(t, card, fields...))
	assert.Equal(t, 7, readAll(t, card, [2]int{0x0000, 0x00FF}, [2]int{0x00FF, 0x0179}, [2]int{0x1579, 0x1627}))
	assert.Equal(t, 9, readAll(t, card, [2]int{0x0000, 0x00FF}, [2]int{0x00FF, 0x0179}, [2]int{0x1579, 0x1627}, again))
	assert.Equal(t, 47, readAll(t, card, [2]int{0x0000, 0x1627}))
	assert.Equal(t, 49, readAll(t, card, [2]int{0x0000, 0x1627}, again))
	assert.Equal(t, 51, readAll(t, card, [2]int{0x0000, 0x00FF}, [2]int{0x00FF, 0x0179}, [2]int{0x1579, 0x1627}, [2]int{0x0179, 0x1579}, again))
}

func TestLineTimeAddsUpWhatTheContactsTake(t *testing.T) {
	card := cardOf(t, "default", simulator.CardOptions{Line: simulator.Line{Character: time.Microsecond, Exchange: time.Millisecond}})
	ask(t, card, selectMOI)           // 5 of header, 1 procedure byte, 8 of data, 2 of status
	ask(t, card, "80B000040200"+"0D") // 5 + 1 + 2 + 2
	ask(t, card, "00C000000D")        // 5 + 1 + 13 + 2
	ask(t, card, "00C000000D")        // 5 + 2
	assert.Equal(t, 4, card.Exchanges())
	assert.Equal(t, 4*time.Millisecond+(16+10+21+7)*time.Microsecond, card.LineTime())
}

func TestTransmitWaitsForTheLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		card := cardOf(t, "default", simulator.CardOptions{Line: simulator.LineTA18})
		begun := time.Now()
		readAll(t, card, [2]int{0x0000, 0x1627})
		assert.Equal(t, card.LineTime(), time.Since(begun))
		assert.Greater(t, card.LineTime(), 47*15*time.Millisecond+5671*93*time.Microsecond)
	})
}

func TestTransmitStopsWaitingWhenTheCallerDoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		card := cardOf(t, "default", simulator.CardOptions{Line: simulator.Line{Exchange: time.Hour}})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		begun := time.Now()
		_, err := card.Transmit(ctx, []byte{0, 0xA4, 4, 0})
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, time.Second, time.Since(begun))

		_, err = card.Transmit(ctx, []byte{0, 0xA4, 4, 0})
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, 1, card.Exchanges(), "a call that comes too late isn't sent")
	})
}

func TestEveryStretchOfTheCardIsTheSameHoweverItIsCut(t *testing.T) {
	whole := cardOf(t, "full-photo", simulator.CardOptions{Protocol: simulator.T1})
	ask(t, whole, selectMOI)
	rapid.Check(t, func(t *rapid.T) {
		from := rapid.IntRange(0, 0x1727-255).Draw(t, "from")
		cut := rapid.IntRange(1, 254).Draw(t, "cut")
		read := func(at, n int) string {
			answer, err := whole.Transmit(context.Background(), []byte{0x80, 0xB0, byte(at >> 8), byte(at), 2, 0, byte(n)})
			require.NoError(t, err)
			require.Equal(t, "\x90\x00", string(answer[n:]))
			return string(answer[:n])
		}
		assert.Equal(t, read(from, 255), read(from, cut)+read(from+cut, 255-cut))
	})
}

func FuzzCardTransmit(f *testing.F) {
	for _, script := range []string{selectMOI, selectMOI + "|80B0000002000D|00C000000D", selectADM + "|8000000007|00C0000010", getCPLC + "2D", "00A40400"} {
		f.Add([]byte(script))
	}
	cards := []*simulator.Card{cardOf(f, "old-atr", simulator.CardOptions{}), cardOf(f, "old-atr", simulator.CardOptions{Protocol: simulator.T1})}
	f.Fuzz(func(t *testing.T, script []byte) {
		for _, card := range cards {
			card.Reset()
			for _, line := range strings.Split(string(script), "|") {
				command, err := hex.DecodeString(line)
				if err != nil {
					command = []byte(line)
				}
				answer, err := card.Transmit(t.Context(), command)
				require.NoError(t, err)
				res, err := apdu.ParseResponse(answer)
				require.NoError(t, err)
				if ne, again := res.Status.CorrectLength(); again {
					assert.Positive(t, ne)
					assert.Empty(t, res.Data)
				}
			}
		}
	})
}
