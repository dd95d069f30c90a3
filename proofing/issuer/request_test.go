package issuer

import (
	"encoding/xml"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"chipproof/simulator"
)

// The example of thai-id-card §11, byte for byte.
const exampleRequest = `<?xml version="1.0" encoding="utf-8"?>
<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>
  <CheckCardByCID xmlns="http://tempuri.org/">
    <ChipNo>0123456789abcdef</ChipNo><pid>1101700230708</pid><bp1no>123456789012</bp1no>
  </CheckCardByCID>
</s:Body></s:Envelope>
`

func requestNumber(s string) func(*simulator.Person) {
	return func(p *simulator.Person) { p.Card.RequestNumber = s }
}

func TestARequestIsTheExampleOfTheSharedPage(t *testing.T) {
	q, err := inserted(t, "default", requestNumber("123456789012/0000001")).question()
	require.NoError(t, err)
	assert.Equal(t, exampleRequest, string(q.request(Version12)))
}

func TestSOAP11DiffersInTheEnvelopeAndTheHeadersOnly(t *testing.T) {
	q, err := inserted(t, "default", requestNumber("123456789012/0000001")).question()
	require.NoError(t, err)
	want := strings.Replace(exampleRequest, "http://www.w3.org/2003/05/soap-envelope", "http://schemas.xmlsoap.org/soap/envelope/", 1)
	assert.Equal(t, want, string(q.request(Version11)))
	assert.Equal(t, map[string]string{
		"Content-Type": "text/xml; charset=utf-8", "Accept": "text/xml", "SOAPAction": `"http://tempuri.org/CheckCardByCID"`,
	}, Version11.headers(q.operation))
	assert.Equal(t, map[string]string{
		"Content-Type": "application/soap+xml; charset=utf-8", "Accept": "application/soap+xml",
	}, Version12.headers(q.operation))
}

func TestTheLaserRoadSendsItsFieldsInOrder(t *testing.T) {
	q, err := typed(t, "default").question()
	require.NoError(t, err)
	assert.Contains(t, string(q.request(Version12)), `<CheckCardByLaser xmlns="http://tempuri.org/">
    <PID>1101700230708</PID><FirstName>สมชาย</FirstName><LastName>ใจดี</LastName><BirthDay>25251231</BirthDay><Laser>JT1234567890</Laser>
  </CheckCardByLaser>`)
}

func TestWhatPeoplePutBetweenDigitsIsDropped(t *testing.T) {
	h := typed(t, "default")
	h.Number, h.Laser, h.FirstName = Hide("1-1017-00230-70-8"), Hide("JT1-2345678-90"), Hide(" สมชาย ")
	written, err := h.question()
	require.NoError(t, err)
	plain, err := typed(t, "default").question()
	require.NoError(t, err)
	assert.Equal(t, plain, written)
}

// The request number goes out as the digits before the slash, in one form: no
// second try with another length, which would look like guessing.
func TestTheRequestNumberIsWhatStandsBeforeTheSlash(t *testing.T) {
	for card, sent := range map[string]string{
		"76030000001/00000001": "76030000001",
		"100000000001":         "100000000001",
		"12345 /1":             "12345",
	} {
		q, err := inserted(t, "default", requestNumber(card)).question()
		require.NoError(t, err, card)
		assert.Equal(t, field{"bp1no", sent}, q.fields[2])
	}
}

func TestACardThatLacksSomethingIsNotAskedAbout(t *testing.T) {
	b := newBench(t)
	for what, card := range map[string]Card{
		"request number": inserted(t, "default", requestNumber("/00000001")),
		"chip number":    inserted(t, "default", func(p *simulator.Person) { p.Chip.Number = "" }),
		"citizen number": {},
	} {
		_, err := b.CheckCID(t.Context(), card)
		require.ErrorIs(t, err, ErrIncomplete)
		assert.ErrorContains(t, err, what)
	}
	_, err := b.CheckCID(t.Context(), inserted(t, "default", requestNumber("1A/1")))
	require.ErrorIs(t, err, ErrIncomplete, "a number with a letter in it")
	assert.Zero(t, b.service.Asked(), "nothing was sent")
}

func TestAHolderOfAnotherFormIsNotAskedAbout(t *testing.T) {
	for what, change := range map[string]func(*Holder){
		"citizen number": func(h *Holder) { h.Number = Hide("110170023070") },
		"first name":     func(h *Holder) { h.FirstName = Hide("") },
		"last name":      func(h *Holder) { h.LastName = Hide("ใจ\x00ดี") },
		"birth date":     func(h *Holder) { h.BirthDate = Hide("1982-12-31") },
		"laser code":     func(h *Holder) { h.Laser = Hide("JT123456789") },
	} {
		h := typed(t, "default")
		change(&h)
		_, err := h.question()
		require.ErrorIs(t, err, ErrIncomplete)
		assert.ErrorContains(t, err, what)
	}
	_, err := Holder{}.question()
	require.ErrorIs(t, err, ErrIncomplete)
}

func TestWhateverANameIsTheRequestStaysXMLAndSaysTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[ก-๙<>&"'a-z\]]{1,30}`).Draw(t, "name")
		q := question{operation: "CheckCardByLaser", fields: []field{{"FirstName", name}}}
		var read struct {
			Body struct {
				Asked struct {
					FirstName string
				} `xml:"CheckCardByLaser"`
			}
		}
		require.NoError(t, xml.Unmarshal(q.request(Version12), &read))
		assert.Equal(t, name, read.Body.Asked.FirstName)
	})
}
