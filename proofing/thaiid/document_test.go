package thaiid

import (
	"bytes"
	stdjson "encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares with a file under testdata, or writes it with -update.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(path, got, 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(want), string(got))
}

// cardForGolden has a small photo, so that the golden file can be read.
func cardForGolden() *testCard {
	return withPhoto(jpegOf(64))()
}

// indented is compact JSON made readable, without changing a value or an order.
func indented(t *testing.T, compact []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, stdjson.Indent(&out, compact, "", "  "))
	return append(out.Bytes(), '\n')
}

func TestTheDocumentIsTheOneShapeOfTheDesign(t *testing.T) {
	doc := mustRead(t, cardForGolden(), AllFields()...).Document()
	var compact bytes.Buffer
	encoder := stdjson.NewEncoder(&compact)
	encoder.SetEscapeHTML(false)
	require.NoError(t, encoder.Encode(doc))
	golden(t, "identity.json", indented(t, compact.Bytes()))

	again, err := json.Marshal(doc)
	require.NoError(t, err)
	assert.Equal(t, string(bytes.TrimSpace(compact.Bytes())), string(again), "both encoders agree to the byte")
}

func TestADocumentOfAnOddCard(t *testing.T) {
	card := cardForGolden()
	m := card.moi[0]
	put(m, 0x0004, 13, []byte("1101700230709"))
	put(m, 0x0075, 100, []byte("###"))
	put(m, 0x00D9, 8, []byte("25250000"))
	put(m, 0x00E1, 1, []byte("9"))
	put(m, 0x00E2, 20, nil)
	put(m, 0x0167, 8, []byte("25420229"))
	put(m, 0x016F, 8, []byte("        "))
	put(m, 0x1579, 160, tis("99/9#บ้านสวน#ตำบลก#อำเภอข#จังหวัดค"))
	card.adm, card.cplc, card.nhso = nil, nil, blocks{}
	encoded, err := json.Marshal(mustRead(t, card, AllFields()...).Document())
	require.NoError(t, err)
	golden(t, "identity-odd.json", indented(t, encoded))
}

func TestADocumentHoldsOnlyWhatWasAskedFor(t *testing.T) {
	for _, field := range AllFields() {
		doc := mustRead(t, newCard(), field).Document()
		for how, marshal := range map[string]func(any) ([]byte, error){
			"encoding/json": stdjson.Marshal, "go-json-experiment": func(v any) ([]byte, error) { return json.Marshal(v) },
		} {
			encoded, err := marshal(doc)
			require.NoError(t, err)
			var members map[string]stdjson.RawMessage
			require.NoError(t, stdjson.Unmarshal(encoded, &members))
			assert.Len(t, members, 1, "%s by %s", field, how)
			assert.Contains(t, members, string(field))
		}
	}
}

// The order of design §5: what a person reads first comes first.
func TestTheOrderOfTheMembers(t *testing.T) {
	encoded, err := json.Marshal(mustRead(t, withChecksumFailed(), AllFields()...).Document())
	require.NoError(t, err)
	last := -1
	for _, member := range []string{
		"citizen_id", "name", "th", "title", "first_name", "middle_name", "last_name", "en",
		"birth_date", "date", "precision", "buddhist", "sex",
		"address", "house_no", "moo", "trok", "soi", "road", "subdistrict", "district", "province", "text",
		"card", "version", "type", "issuer", "issuer_code", "issue_date", "expiry_date", "lifelong",
		"request_number", "photo_number", "chip_number",
		"photo", "media_type", "width", "height", "data", "laser_code",
		"nhso", "main_right", "sub_right", "main_hospital", "sub_hospital", "paid_type", "issue_date",
		"expiry_date", "update_date", "hospital_changes", "findings", "field", "code",
	} {
		at := bytes.Index(encoded[last+1:], []byte(`"`+member+`":`))
		require.GreaterOrEqual(t, at, 0, "%s comes after what stands before it", member)
		last += 1 + at
	}
}

func withChecksumFailed() *testCard {
	card := newCard()
	put(card.moi[0], 0x0004, 13, []byte("1101700230709"))
	return card
}

func TestADocumentComesBackFromItsJSON(t *testing.T) {
	doc := mustRead(t, withChecksumFailed(), AllFields()...).Document()
	encoded, err := json.Marshal(doc)
	require.NoError(t, err)
	var strict, std Document
	require.NoError(t, json.Unmarshal(encoded, &strict, json.RejectUnknownMembers(true)))
	require.NoError(t, stdjson.Unmarshal(encoded, &std))
	assert.Equal(t, doc, strict)
	assert.Equal(t, doc, std)
}
