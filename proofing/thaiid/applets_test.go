package thaiid

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// thai-id-card §8: three ways in which cards give the laser code.
func TestTheLaserCodeComesInEveryShapeThatWasSeen(t *testing.T) {
	for name, change := range map[string]func(*testCard){
		"23 bytes at once": func(*testCard) {},
		"7 bytes, then 16 by GET RESPONSE (go-thai-smartcard)": func(c *testCard) {
			c.on = func(_ int, command []byte) ([]byte, bool) {
				if c.applet != admAID || command[1] != 0x00 {
					return nil, false
				}
				c.pending = newADM()[7:]
				return append(newADM()[:7], 0x61, 0x10), true
			}
		},
		"16 bytes, the code first": func(c *testCard) { c.adm = newADM()[7:] },
		"all by GET RESPONSE": func(c *testCard) {
			c.on = func(_ int, command []byte) ([]byte, bool) {
				if c.applet != admAID || command[1] != 0x00 {
					return nil, false
				}
				return c.offer(newADM()), true
			}
		},
		"padded by spaces": func(c *testCard) { copy(c.adm[19:], "    ") },
	} {
		t.Run(name, func(t *testing.T) {
			card := newCard()
			change(card)
			id := mustRead(t, card, FieldLaserCode, FieldSex)
			assert.Equal(t, "JT0123456789", id.LaserCode.Reveal())
			assert.Empty(t, id.Findings)
		})
	}
}

// Failure is "not available" and doesn't fail the identity (thai-id-card §8,
// §10.2). thai-smartcard-nodejs #24: cards up to about 2015 give trouble.
func TestALaserCodeThatIsNotToBeHad(t *testing.T) {
	for name, change := range map[string]func(*testCard){
		"no ADM applet":                          func(c *testCard) { c.adm = nil },
		"the command refused":                    func(c *testCard) { c.on = refuseIn(c, admAID) },
		"no data":                                func(c *testCard) { c.adm = []byte{} },
		"7 bytes, where pythaiidcard stops":      func(c *testCard) { c.adm = c.adm[:7] },
		"12 bytes":                               func(c *testCard) { c.adm = c.adm[7:19] },
		"blank: a lifelong card of before chips": func(c *testCard) { clear(c.adm[7:]) },
		"spaces":                                 func(c *testCard) { put(c.adm, 7, 16, nil) },
		"lower case":                             func(c *testCard) { copy(c.adm[7:], "jt") },
		"a letter among the digits":              func(c *testCard) { c.adm[12] = 'O' },
		"a digit among the letters":              func(c *testCard) { c.adm[8] = '7' },
		"eleven characters":                      func(c *testCard) { c.adm[18] = 0 },
		"thirteen characters":                    func(c *testCard) { c.adm[19] = '0' },
		"dashes":                                 func(c *testCard) { put(c.adm, 7, 16, []byte("JT1-2345678-90")) },
	} {
		t.Run(name, func(t *testing.T) {
			card := newCard()
			change(card)
			id := mustRead(t, card, FieldLaserCode, FieldSex)
			assert.Empty(t, id.LaserCode.Reveal())
			assert.Equal(t, SexMale, id.Sex.Reveal())
			assert.Equal(t, []Finding{{PartLaserCode, FindingNotAvailable}}, id.Findings)
		})
	}
}

// refuseIn refuses every command but SELECT while an applet is selected.
func refuseIn(c *testCard, aid string) func(int, []byte) ([]byte, bool) {
	return func(_ int, command []byte) ([]byte, bool) {
		return word(0x6985), c.applet == aid && command[1] != 0xA4
	}
}

func TestTheChipNumberComesFromTheCPLC(t *testing.T) {
	for name, change := range map[string]func(*testCard){
		"a card manager that wants its Le":        func(*testCard) {},
		"a default SELECT that is refused":        func(c *testCard) { c.noManager = true },
		"a default SELECT that answers 61xx":      func(c *testCard) { c.on = answerSelect(c, 0x6112) },
		"a default SELECT that answers 9000":      func(c *testCard) { c.on = answerSelect(c, 0x9000) },
		"a GET DATA that keeps its answer back":   func(c *testCard) { c.on = offerData(c) },
		"a GET DATA that first says 6C2D, always": func(c *testCard) { c.on = onceWrongLength(c) },
	} {
		t.Run(name, func(t *testing.T) {
			card := newCard()
			change(card)
			id := mustRead(t, card, FieldCard)
			assert.Equal(t, "0123456789abcdef", id.Card.ChipNumber.Reveal())
			assert.Empty(t, id.Findings)
		})
	}
}

func answerSelect(c *testCard, status uint16) func(int, []byte) ([]byte, bool) {
	return func(_ int, command []byte) ([]byte, bool) {
		return word(status), c.applet == managerAID && len(command) == 4
	}
}

func offerData(c *testCard) func(int, []byte) ([]byte, bool) {
	return func(_ int, command []byte) ([]byte, bool) {
		if command[1] != 0xCA {
			return nil, false
		}
		return c.offer(c.cplc), true
	}
}

func onceWrongLength(c *testCard) func(int, []byte) ([]byte, bool) {
	once := false
	return func(_ int, command []byte) ([]byte, bool) {
		if command[1] != 0xCA || once {
			return nil, false
		}
		once = true
		return word(0x6C2D), true
	}
}

// thai-id-card §8: only a refused GET DATA means "not available". An answer that
// is no CPLC is wrong.
func TestAChipNumberThatIsRefusedAndOneThatIsWrong(t *testing.T) {
	card := newCard()
	card.cplc = nil
	id := mustRead(t, card, FieldCard)
	assert.Empty(t, id.Card.ChipNumber.Reveal())
	assert.Equal(t, "0123456789abcdef", mustRead(t, newCard(), FieldCard).Card.ChipNumber.Reveal())
	assert.Equal(t, []Finding{{PartChipNumber, FindingNotAvailable}}, id.Findings)

	for name, cplc := range map[string][]byte{
		"empty": {}, "without its tag": newCPLC()[3:], "short": newCPLC()[:44], "another tag": append([]byte{0x9F, 0x7E, 0x2A}, newCPLC()[3:]...),
	} {
		t.Run(name, func(t *testing.T) {
			card := newCard()
			card.cplc = cplc
			assertPart(t, readFails(t, card, FieldCard), PartChipNumber)
		})
	}
}

func TestOtherAppletsAreAskedOnlyWhenAskedFor(t *testing.T) {
	card := newCard()
	mustRead(t, card, FieldCitizenID, FieldName, FieldBirthDate, FieldSex, FieldAddress, FieldPhoto)
	assert.Equal(t, len(card.commands), card.sinceMOI(), "the SELECT of MOI is the first command")
}

// thai-id-card §8: not every card has the applet.
func TestAHealthRightThatIsNotThere(t *testing.T) {
	card := newCard()
	card.nhso = blocks{}
	id := mustRead(t, card, FieldNHSO, FieldSex)
	assert.Nil(t, id.NHSO)
	assert.Empty(t, id.Findings, "6A82 is nothing to speak of")
}

func TestAHealthRightThatIsRefused(t *testing.T) {
	for name, change := range map[string]func(*testCard){
		"at the SELECT": func(c *testCard) {
			c.on = func(_ int, command []byte) ([]byte, bool) {
				return word(0x6F00), bytes.HasSuffix(command, []byte(nhsoAID))
			}
		},
		"at the read": func(c *testCard) { c.on = refuseIn(c, nhsoAID) },
	} {
		t.Run(name, func(t *testing.T) {
			card := newCard()
			change(card)
			id := mustRead(t, card, FieldNHSO, FieldSex)
			assert.Nil(t, id.NHSO)
			assert.Equal(t, SexMale, id.Sex.Reveal())
			assert.Equal(t, []Finding{{PartNHSO, FindingNotAvailable}}, id.Findings)
		})
	}
}

func TestAHealthRightThatIsWrongNamesItsPart(t *testing.T) {
	for name, row := range map[string]struct {
		change func(*testCard)
		part   Part
	}{
		"a control in the right":   {func(c *testCard) { c.nhso[0][0x0004] = 0x07 }, PartNHSOMainRight},
		"letters in a date":        {func(c *testCard) { c.nhso[0][0x0145] = 'X' }, PartNHSOIssueDate},
		"no character in the unit": {func(c *testCard) { c.nhso[0][0x00F4] = 0xFF }, PartNHSOSubHospital},
		"short":                    {func(c *testCard) { c.on = c.shorten(func(extent) bool { return c.applet == nhsoAID }) }, PartNHSOMainRight},
	} {
		t.Run(name, func(t *testing.T) {
			card := newCard()
			row.change(card)
			assertPart(t, readFails(t, card, FieldNHSO), row.part)
		})
	}
}

// A wrong answer of another applet ends the read as soon as it is known that
// the card is a Thai one.
func TestAWrongAnswerOfAnotherAppletEndsTheRead(t *testing.T) {
	card := newCard()
	card.cplc = []byte{}
	card.on = func(_ int, command []byte) ([]byte, bool) { return []byte{0x90}, command[1] == 0xCA }
	err := readFails(t, card, AllFields()...)
	assertPart(t, err, PartChipNumber)
	last := card.commands[len(card.commands)-1]
	require.True(t, bytes.HasSuffix(last, []byte(moiAID)), "the SELECT of MOI is the last command")
}

// thai-id-card §6, §14.3: shown as it is; only what goes to the issuer is cut.
func TestRequestNumbers(t *testing.T) {
	for raw, row := range map[string]struct{ shown, bp1no string }{
		"100000000001":         {"100000000001", "100000000001"},
		"10000000001/01010101": {"10000000001/01010101", "10000000001"},
		"":                     {"", ""},
		"/1":                   {"/1", ""},
	} {
		t.Run(raw, func(t *testing.T) {
			card := newCard()
			put(card.moi[0], 0x00E2, 20, []byte(raw))
			id := mustRead(t, card, FieldCard)
			assert.Equal(t, row.shown, id.Card.RequestNumber.Reveal())
			assert.Equal(t, row.bp1no, id.Card.RequestNumber.BP1NO())
		})
	}
}
