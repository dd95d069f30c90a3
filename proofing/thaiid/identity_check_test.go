package thaiid

import (
	"bytes"
	"encoding/json"
	"errors"
	"regexp"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// isKnown says whether err is one that a read may end with, the transmitter's
// own apart.
func isKnown(err error) bool {
	return errors.Is(err, ErrAnswer) || errors.Is(err, ErrUnsupported) || errors.Is(err, ErrChanged)
}

var (
	digits13 = regexp.MustCompile(`^[0-9]{13}$`)
	chip16   = regexp.MustCompile(`^([0-9a-f]{16})?$`)
	laser12  = regexp.MustCompile(`^([A-Z]{2}[0-9]{10})?$`)
)

// checkIdentity demands what holds for any identity, whatever the card did.
func checkIdentity(t testing.TB, id *Identity, what string) {
	t.Helper()
	doc := id.Document()
	encoded, err := json.Marshal(doc)
	require.NoError(t, err, what)
	require.True(t, utf8.Valid(encoded), what)

	if id.Fields.Has(FieldCitizenID) {
		require.Regexp(t, digits13, doc.CitizenID, what)
		failed := bytes.Contains(encoded, []byte("checksum_failed"))
		require.Equal(t, !failed, ValidCitizenID(doc.CitizenID), what)
	}
	require.Regexp(t, laser12, doc.LaserCode, what)
	if doc.Card != nil {
		require.Regexp(t, chip16, doc.Card.ChipNumber, what)
		checkDate(t, id.Card.ExpiryDate)
	}
	checkDate(t, id.BirthDate)
	if doc.Photo != nil {
		data := doc.Photo.Data
		require.True(t, bytes.HasPrefix(data, []byte{0xFF, 0xD8}) && bytes.HasSuffix(data, []byte{0xFF, 0xD9}), what)
		require.LessOrEqual(t, len(data), maxPhoto, what)
		require.True(t, doc.Photo.Width > 0 && doc.Photo.Width <= maxPhotoSide, what)
		require.True(t, doc.Photo.Height > 0 && doc.Photo.Height <= maxPhotoSide, what)
	}
	var tree any
	require.NoError(t, json.Unmarshal(encoded, &tree))
	for _, text := range texts(tree) {
		for _, r := range text {
			if !unicode.IsGraphic(r) || r == utf8.RuneError {
				t.Fatalf("%s: %q", what, r)
			}
		}
	}
}

// checkDate demands that precision is not invented and the day exists.
func checkDate(t testing.TB, d Date) {
	t.Helper()
	layout := map[Precision]string{PrecisionDay: "2006-01-02", PrecisionMonth: "2006-01", PrecisionYear: "2006", PrecisionNone: ""}
	want, ok := layout[d.Precision()]
	require.True(t, ok)
	require.Len(t, d.Reveal(), len(want))
	if want != "" {
		_, err := time.Parse(want, d.Reveal())
		require.NoError(t, err)
	}
	if d.Lifelong() {
		require.Equal(t, PrecisionNone, d.Precision())
	}
}

// texts are all strings of a JSON value, keys left out.
func texts(tree any) (out []string) {
	switch v := tree.(type) {
	case string:
		return []string{v}
	case []any:
		for _, e := range v {
			out = append(out, texts(e)...)
		}
	case map[string]any:
		for _, e := range v {
			out = append(out, texts(e)...)
		}
	}
	return out
}
