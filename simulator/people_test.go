package simulator_test

import (
	"bytes"
	"fmt"
	"image/color"
	"image/jpeg"
	"strings"
	"testing"

	"chipproof/simulator"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// person is a shipped person, or the end of the test.
func person(tb testing.TB, name string) simulator.Person {
	tb.Helper()
	p, err := simulator.PersonNamed(name)
	require.NoError(tb, err)
	return p
}

func TestADozenAndMorePeopleShipAndCoverTheEdgeCases(t *testing.T) {
	var names []string
	for _, p := range simulator.People() {
		names = append(names, p.Key)
		assert.True(t, p.Synthetic, p.Key)
		assert.NotEmpty(t, p.About, p.Key)
	}
	assert.Equal(t, []string{
		"alien", "blank-expiry", "default", "expired", "full-photo", "lifelong", "long-address", "middle-name", "month-only",
		"no-english-name", "old-atr", "pink-card", "sparse", "version-2", "wrong-check-digit", "year-only",
	}, names)
}

func TestEveryShippedPersonHasANumberOfTheirOwn(t *testing.T) {
	seen := map[string]string{}
	for _, p := range simulator.People() {
		assert.Empty(t, seen[p.CitizenID], p.Key)
		seen[p.CitizenID] = p.Key
		assert.Equal(t, p.Key == "wrong-check-digit", p.CheckDigit == "wrong")
	}
}

func TestAPersonWhoDoesNotShipIsUnknown(t *testing.T) {
	_, err := simulator.PersonNamed("nobody")
	require.ErrorIs(t, err, simulator.ErrPersonUnknown)
	assert.Contains(t, err.Error(), "year-only", "it says who there is")

	_, err = simulator.PersonNamed("../people/default")
	assert.ErrorIs(t, err, simulator.ErrPersonUnknown)
}

func TestPeopleAreNewEachTime(t *testing.T) {
	person(t, "default").Name.EN.First = "changed"
	assert.Equal(t, "Somchai", person(t, "default").Name.EN.First)
}

func TestAPersonPrintsNoContent(t *testing.T) {
	p := person(t, "default")
	for _, printed := range []string{fmt.Sprint(p), fmt.Sprintf("%+v", p), fmt.Sprintf("%#v", p), p.LogValue().String()} {
		assert.Equal(t, `synthetic person "default"`, printed)
	}
}

func TestAPhotoIsAJPEGOfTheRightSizeAndAlwaysTheSame(t *testing.T) {
	for _, p := range simulator.People() {
		photo, err := p.JPEG()
		require.NoError(t, err, p.Key)
		again, err := p.JPEG()
		require.NoError(t, err, p.Key)
		assert.Equal(t, photo, again)
		assert.LessOrEqual(t, len(photo), 5118)
		if p.Photo.Bytes > 0 {
			assert.Len(t, photo, p.Photo.Bytes)
		}
		assert.Equal(t, []byte{0xFF, 0xD8, 0xFF, 0xE0, 0, 16, 'J', 'F', 'I', 'F', 0}, photo[:11])
		assert.Equal(t, []byte{0xFF, 0xD9}, photo[len(photo)-2:])
		img, err := jpeg.Decode(bytes.NewReader(photo))
		require.NoError(t, err, p.Key)
		assert.Equal(t, "(148,178)", img.Bounds().Max.String())
	}
}

// White letters on a pale background are as good as cut off.
func TestTheWordOnAPhotoLiesOnTheDarkFigureFromEndToEnd(t *testing.T) {
	for _, p := range simulator.People() {
		photo, err := p.JPEG()
		require.NoError(t, err, p.Key)
		img, err := jpeg.Decode(bytes.NewReader(photo))
		require.NoError(t, err, p.Key)
		dark := func(x, y int) bool { return color.GrayModel.Convert(img.At(x, y)).(color.Gray).Y < 180 }
		for x := 6; x <= 140; x++ {
			assert.True(t, dark(x, 143) && dark(x, 162), "%s: above or below, at %d", p.Key, x)
		}
		assert.True(t, dark(5, 153) && dark(141, 153), "%s: before or behind", p.Key)
		assert.False(t, dark(5, 60), "%s: the background is pale", p.Key)
	}
}

func TestTheFullPhotoFillsItsAreaAndHasBlocksThatEndInASpace(t *testing.T) {
	photo, err := person(t, "full-photo").JPEG()
	require.NoError(t, err)
	require.Len(t, photo, 5118)
	for _, block := range []int{128, 200, 250, 254, 255} {
		ends := 0
		for end := block; end < len(photo); end += block {
			if photo[end-1] == ' ' {
				ends++
			}
		}
		assert.Positive(t, ends, "blocks of %d", block)
	}
}

func TestTwoPeopleHaveDifferentPhotos(t *testing.T) {
	one, err := person(t, "default").JPEG()
	require.NoError(t, err)
	other, err := person(t, "expired").JPEG()
	require.NoError(t, err)
	assert.NotEqual(t, one, other)
}

// minimal is as little as a person can be.
const minimal = "synthetic: true\ncitizen_id: \"1000000000190\"\n"

func TestTheLeastOfAPersonIsANumberAndTheWordThatItIsInvented(t *testing.T) {
	p, err := simulator.ParsePerson([]byte(minimal))
	require.NoError(t, err)
	assert.Equal(t, "0003", p.Card.Version)
	assert.Equal(t, "01", p.Card.Type)
	assert.Empty(t, p.Key)
}

func TestAPersonFileIsReadStrictly(t *testing.T) {
	for name, row := range map[string]struct{ file, says string }{
		"nothing":                    {"", "nothing in it"},
		"no YAML":                    {"{", "yaml"},
		"a list":                     {"- a", "line 1"},
		"an unknown key":             {minimal + "nickname: x", "line 3: field nickname not found"},
		"an unknown key inside":      {minimal + "card: {colour: pink}", "colour"},
		"a key twice":                {minimal + "sex: \"1\"\nsex: \"2\"", "already defined"},
		"two people in one file":     {minimal + "---\n" + minimal, "more than one document"},
		"not marked synthetic":       {"citizen_id: \"1000000000190\"", "synthetic must be true"},
		"marked as a real person":    {"synthetic: false\ncitizen_id: \"1000000000190\"", "synthetic must be true"},
		"no number":                  {"synthetic: true", "citizen_id must be 13 digits"},
		"twelve digits":              {"synthetic: true\ncitizen_id: \"100000000019\"", "13 digits"},
		"a number with Thai digits":  {"synthetic: true\ncitizen_id: \"๑๐๐๐๐๐๐๐๐๐๑๙๐\"", "13 digits"},
		"a wrong digit unannounced":  {"synthetic: true\ncitizen_id: \"1000000000191\"", "citizen_id and check_digit disagree"},
		"a right digit called wrong": {minimal + "check_digit: wrong", "disagree"},
		"another check digit word":   {minimal + "check_digit: right", "check_digit is"},
		"letters in a date":          {minimal + "birth_date: 2525DEC1", "birth_date must be eight digits"},
		"a short date":               {minimal + "card: {expiry_date: \"2525\"}", "card.expiry_date"},
		"letters in an NHSO date":    {minimal + "nhso: {update_date: soon}", "nhso.update_date"},
		"two digits of sex":          {minimal + "sex: \"12\"", "sex must be one digit"},
		"a version of letters":       {minimal + "card: {version: new}", "card.version"},
		"a type of letters":          {minimal + "card: {type: ab}", "card.type"},
		"a laser code with dashes":   {minimal + "laser_code: JT1-1234567-89", "laser_code"},
		"an upper-case chip number":  {minimal + "chip: {number: 0123456789ABCDEF}", "chip.number"},
		"another manager":            {minimal + "chip: {manager: away}", "chip.manager"},
		"an ATR that is no hex":      {minimal + "chip: {atr: xyz}", "chip.atr"},
		"a photo beyond its area":    {minimal + "photo: {bytes: 5119}", "photo.bytes"},
		"a photo too small to draw":  {minimal + "photo: {bytes: 100}", "too few"},
		"a photo size of words":      {minimal + "photo: {bytes: many}", "line 3"},
		"a character not in TIS-620": {minimal + "name: {th: {first: 王}}", "name.th: character 2"},
		"a control character":        {minimal + "name: {th: {first: \"\\t\"}}", "name.th"},
		"a name beyond its part":     {minimal + "name: {th: {first: " + strings.Repeat("ก", 98) + "}}", "name.th: 101 bytes, the part has room for 100"},
		"overwriting nothing known":  {minimal + "overwrite: {nickname: \"00\"}", "no part is called"},
		"overwriting without hex":    {minimal + "overwrite: {sex: x}", "not hex"},
		"overwriting beyond":         {minimal + "overwrite: {sex: \"3132\"}", "room for 1"},
		"an old card's long address": {minimal + "card: {version: \"0002\"}\naddress: {soi: " + strings.Repeat("ก", 145) + "}", "version 0002"},
		"a file of a megabyte":       {minimal + "about: " + strings.Repeat("a", 1<<20), "at most"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := simulator.ParsePerson([]byte(row.file))
			require.ErrorIs(t, err, simulator.ErrPersonInvalid)
			assert.ErrorContains(t, err, row.says)
		})
	}
}

func TestEverythingThatIsWrongWithAPersonIsSaidAtOnce(t *testing.T) {
	_, err := simulator.ParsePerson([]byte("citizen_id: x\nbirth_date: y\nsex: zz"))
	for _, says := range []string{"synthetic", "citizen_id", "birth_date", "sex"} {
		assert.ErrorContains(t, err, says)
	}
}

func TestAPersonMadeInCodeIsCheckedWhenTheCardIsMade(t *testing.T) {
	_, err := simulator.NewCard(simulator.Person{}, simulator.CardOptions{})
	assert.ErrorIs(t, err, simulator.ErrPersonInvalid)
}

func FuzzParsePerson(f *testing.F) {
	for _, p := range simulator.People() {
		f.Add([]byte(minimal + "about: " + p.Key))
	}
	f.Add([]byte(minimal + "name: {th: {first: สมชาย}, en: {}}\nnhso: {}\noverwrite: {photo.length: ffff}"))
	f.Fuzz(func(t *testing.T, content []byte) {
		p, err := simulator.ParsePerson(content)
		if err != nil {
			assert.ErrorIs(t, err, simulator.ErrPersonInvalid)
			return
		}
		_, err = simulator.NewCard(p, simulator.CardOptions{})
		assert.NoError(t, err, "who is parsed fits on a card")
	})
}
