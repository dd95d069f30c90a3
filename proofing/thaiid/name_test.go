package thaiid

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func parts(n Name) [4]string {
	return [4]string{n.Title.Reveal(), n.First.Reveal(), n.Middle.Reveal(), n.Last.Reveal()}
}

// thai-id-card §6. All names are synthetic.
func TestNamesAreSplitOnTheirMarks(t *testing.T) {
	for _, row := range []struct {
		name, raw string
		want      [4]string
	}{
		{"as most are", "นาย#สมชาย##ใจดี", [4]string{"นาย", "สมชาย", "", "ใจดี"}},
		{"with a middle name", "Mr.#Somchai#Arthit#Jaidee", [4]string{"Mr.", "Somchai", "Arthit", "Jaidee"}},
		{"privageapp: a middle name with a space", "Mr.#Anna Maria#de la#van Dijk", [4]string{"Mr.", "Anna Maria", "de la", "van Dijk"}},
		{"an abbreviated title stays as it is", "น.ส.#สมหญิง##รักไทย", [4]string{"น.ส.", "สมหญิง", "", "รักไทย"}},
		{"no English name", "###", [4]string{}},
		{"no name at all", "", [4]string{}},
		{"go-thai-smartcard panics: one part", "นาย", [4]string{"นาย"}},
		{"go-thai-smartcard panics: two parts", "นาย#สมชาย", [4]string{"นาย", "สมชาย"}},
		{"go-thai-smartcard panics: three parts", "นาย#สมชาย#กลาง", [4]string{"นาย", "สมชาย", "กลาง"}},
		{"a part too many", "Mr.#Somchai##Jaidee#Na Ayutthaya", [4]string{"Mr.", "Somchai", "", "Jaidee Na Ayutthaya"}},
		{"marks too many", "Mr.#Somchai##Jaidee###", [4]string{"Mr.", "Somchai", "", "Jaidee"}},
		{"spaces round the parts", " นาย # สมชาย # # ใจดี ", [4]string{"นาย", "สมชาย", "", "ใจดี"}},
		{"no first name", "Mr.###Jaidee", [4]string{"Mr.", "", "", "Jaidee"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			raw := make([]byte, 100)
			put(raw, 0, 100, tis(row.raw))
			got, err := decodeName(raw)
			require.NoError(t, err)
			assert.Equal(t, row.want, parts(got))
		})
	}
}

func TestANameInOneLine(t *testing.T) {
	name, err := decodeName(tis("นาย#สมชาย##ใจดี"))
	require.NoError(t, err)
	assert.Equal(t, "นาย สมชาย ใจดี", name.Reveal())
}

func TestNoEnglishNameIsNoError(t *testing.T) {
	for name, raw := range map[string]string{"marks": "###", "blank": ""} {
		t.Run(name, func(t *testing.T) {
			card := newCard()
			put(card.moi[0], 0x0075, 100, []byte(raw))
			id := mustRead(t, card, FieldName)
			assert.Equal(t, [4]string{}, parts(id.Name.EN))
			assert.Equal(t, "สมชาย", id.Name.TH.First.Reveal())
			assert.Empty(t, id.Findings)
		})
	}
}

// agent-security §11.21: missing and extra '#'.
func TestNoPartOfANameIsLostOrInvented(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.SliceOfN(rapid.StringMatching(`[A-Z][a-z]{0,5}|`), 1, 8).Draw(t, "parts")
		raw := []byte(in[0])
		for _, part := range in[1:] {
			raw = append(append(raw, '#'), part...)
		}
		got, err := decodeName(raw)
		require.NoError(t, err)
		assert.Equal(t, joinText(in), joinText([]string{
			got.Title.Reveal(), got.First.Reveal(), got.Middle.Reveal(), got.Last.Reveal(),
		}))
		for i := range min(3, len(in)) {
			assert.Equal(t, in[i], parts(got)[i])
		}
	})
}
