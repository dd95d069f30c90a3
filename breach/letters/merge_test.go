package letters_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/charmap"

	"chipproof/breach"
	"chipproof/breach/letters"
)

const affected = "ลำดับ,ชื่อ-สกุล,ที่อยู่,อีเมล\n" +
	"1,นายหนึ่ง สมมติ,1 หมู่ 1,one@example.com\n" +
	"2,นางสอง สมมติ,,two@example.com\n" +
	"3,\"นางสาวสาม \"\"สาม\"\" สมมติ\",\"3 หมู่ 3\nตำบลตัวอย่าง\",three\n" +
	"4,,4 หมู่ 4,four@example.com\n" +
	"5,นายห้า สมมติ,5 หมู่ 5,five@example.com\n"

func list(t *testing.T, text string) *letters.List {
	t.Helper()
	l, err := letters.ReadList([]byte(text))
	require.NoError(t, err)
	return l
}

// mailbox is a mail server of somebody else, that takes and refuses.
type mailbox struct {
	took []string
	fail func(letters.Person) error
}

func (m *mailbox) Send(_ context.Context, to letters.Recipient, d letters.Document) error {
	if m.fail != nil {
		if err := m.fail(to.Reveal()); err != nil {
			return err
		}
	}
	if !strings.Contains(d.Text(), to.Reveal().Name) {
		return errors.New("somebody else's letter")
	}
	m.took = append(m.took, to.Reveal().Email)
	return nil
}

func TestB20TheMailMergeWritesALetterToEachRowThatCanBeReached(t *testing.T) {
	m, c, l := maker(t), whole(t), list(t, affected)
	for by, want := range map[breach.By][]breach.Rows{
		breach.ByLetter: {{From: 1, To: 1, Status: breach.Sent}, {From: 2, To: 2, Status: breach.Failed}, {From: 3, To: 3, Status: breach.Sent}, {From: 4, To: 4, Status: breach.Failed}, {From: 5, To: 5, Status: breach.Sent}},
		breach.ByEmail:  {{From: 1, To: 2, Status: breach.Sent}, {From: 3, To: 4, Status: breach.Failed}, {From: 5, To: 5, Status: breach.Sent}},
	} {
		done, err := m.Merge(t.Context(), c, draft(letters.ThaiDigits), letters.Job{List: l, Number: 1, By: by}, &mailbox{})
		require.NoError(t, err)
		assert.Equal(t, breach.Delivered{List: 1, Rows: 5, By: by, Done: want}, done)
		_, _, err = breach.Keeper{Settings: breach.Shipped()}.Record(c, done, "u-12", start)
		assert.NoError(t, err, "what a merge returns is what the case takes")
	}
}

func TestB20AMergeThatBrokeOffGoesOnWhereItStopped(t *testing.T) {
	m, c, l := maker(t), whole(t), list(t, affected)
	keeper := breach.Keeper{Settings: breach.Shipped()}
	box := &mailbox{}
	box.fail = func(p letters.Person) error {
		if len(box.took) == 1 {
			return fmt.Errorf("%s: %w", p.Email, letters.ErrSenderDown)
		}
		return nil
	}
	job := letters.Job{List: l, Number: 1, By: breach.ByEmail}
	done, err := m.Merge(t.Context(), c, draft(letters.ArabicDigits), job, box)
	require.ErrorIs(t, err, letters.ErrSenderDown)
	assert.NotContains(t, err.Error(), "example.com", "the error names nobody")
	assert.Equal(t, []breach.Rows{{From: 1, To: 1, Status: breach.Sent}}, done.Done)
	c, _, err = keeper.Record(c, done, "u-12", start)
	require.NoError(t, err)

	box.fail = func(p letters.Person) error {
		if strings.HasPrefix(p.Email, "five") {
			return errors.New("550 no such user")
		}
		return nil
	}
	done, err = m.Merge(t.Context(), c, draft(letters.ArabicDigits), job, box)
	require.NoError(t, err)
	assert.Equal(t, []breach.Rows{{From: 2, To: 2, Status: breach.Sent}, {From: 3, To: 5, Status: breach.Failed}}, done.Done)
	c, _, err = keeper.Record(c, done, "u-12", start)
	require.NoError(t, err)

	box.fail = nil
	done, err = m.Merge(t.Context(), c, draft(letters.ArabicDigits), job, box)
	require.NoError(t, err)
	assert.Equal(t, []string{"one@example.com", "two@example.com", "five@example.com"}, box.took, "nobody gets two letters, and what failed is tried again")

	_, err = m.Merge(t.Context(), c, draft(letters.ArabicDigits), letters.Job{List: list(t, "ชื่อ,ที่อยู่\nก,ข\n"), Number: 1, By: breach.ByLetter}, box)
	assert.ErrorIs(t, err, breach.ErrRefused, "another list than before")
}

func TestWhatIsSentAgainIsCountedRowByRow(t *testing.T) {
	m, c := maker(t), whole(t)
	l := list(t, "name,email\nก,a@example.com\nข,b@example.com\nค,c@example.com\nง,d@example.com\n")
	c, _, err := breach.Keeper{Settings: breach.Shipped()}.Record(c, breach.Delivered{List: 1, Rows: 4, By: breach.ByEmail, Done: []breach.Rows{
		{From: 2, To: 2, Status: breach.Failed}, {From: 3, To: 3, Status: breach.Sent},
	}}, "u-12", start)
	require.NoError(t, err)
	done, err := m.Merge(t.Context(), c, draft(letters.ArabicDigits), letters.Job{List: l, Number: 1, By: breach.ByEmail}, &mailbox{})
	require.NoError(t, err)
	assert.Equal(t, []breach.Rows{{From: 1, To: 2, Status: breach.Sent}, {From: 4, To: 4, Status: breach.Sent}}, done.Done, "row 3 was not sent now")
}

func TestAMergeStopsWithItsCallerAndInPieces(t *testing.T) {
	m, c, l := maker(t), whole(t), list(t, affected)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	done, err := m.Merge(ctx, c, draft(letters.ArabicDigits), letters.Job{List: l, Number: 1, By: breach.ByEmail}, &mailbox{})
	require.ErrorIs(t, err, context.Canceled)
	assert.Empty(t, done.Done)

	keeper := breach.Keeper{Settings: breach.Shipped()}
	box := &mailbox{}
	for range 2 {
		done, err = m.Merge(t.Context(), c, draft(letters.ArabicDigits), letters.Job{List: l, Number: 1, By: breach.ByEmail, Most: 1}, box)
		require.NoError(t, err)
		c, _, err = keeper.Record(c, done, "u-12", start)
		require.NoError(t, err)
	}
	assert.Equal(t, []string{"one@example.com", "two@example.com"}, box.took)
}

func TestAMergeInPiecesGetsPastRowsThatFail(t *testing.T) {
	m, c, l, mail := maker(t), whole(t), list(t, "name,email\nก,\nข,\nค,three@example.com\n"), &mailbox{}
	for after := 0; after < l.Rows(); {
		done, err := m.Merge(t.Context(), c, draft(letters.ArabicDigits), letters.Job{List: l, Number: 1, By: breach.ByEmail, Most: 1, After: after}, mail)
		require.NoError(t, err)
		require.Len(t, done.Done, 1)
		assert.Equal(t, after+1, done.Done[0].From)
		after = done.Done[0].To
		c, _, err = breach.Keeper{Settings: breach.Shipped()}.Record(c, done, "u-12", start)
		require.NoError(t, err)
	}
	assert.Equal(t, []string{"three@example.com"}, mail.took)
}

func TestAMergeIsRefusedWhileTheLetterLacksItsRemedies(t *testing.T) {
	box := &mailbox{}
	_, err := maker(t).Merge(t.Context(), without(t, breach.KindSubjectsPrepared), draft(letters.ArabicDigits), letters.Job{List: list(t, affected), Number: 1, By: breach.ByEmail}, box)
	assert.Contains(t, missing(t, err), "remedies")
	assert.Empty(t, box.took)
}

// The check of assurance §3.3, as far as this package reaches: a list of planted
// values goes through a merge that breaks off and is taken up again; then what is
// stored, what is reported and the temporary files are searched for them.
func TestNothingOfTheListIsKept(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	t.Chdir(t.TempDir())
	planted := []string{"ปลูกไว้", "planted", "42 หมู่ 42"}
	text := "name,address,email,note\nนาย ปลูกไว้ ทดสอบ,42 หมู่ 42,planted@example.com,planted\nนาง ปลูกไว้ ทดสอบ,42 หมู่ 42,planted@example.com,planted\n"
	m, c := maker(t), whole(t)
	keeper := breach.Keeper{Settings: breach.Shipped()}
	box := &mailbox{}
	calls := 0
	box.fail = func(p letters.Person) error {
		if calls++; calls == 2 {
			return fmt.Errorf("%s %s: %w", p.Name, p.Email, letters.ErrSenderDown)
		}
		return nil
	}
	var seen strings.Builder
	for range 2 {
		done, err := m.Merge(t.Context(), c, draft(letters.ArabicDigits), letters.Job{List: list(t, text), Number: 1, By: breach.ByEmail}, box)
		fmt.Fprintf(&seen, "%v %+v\n", err, done)
		c, _, err = keeper.Record(c, done, "u-12", start)
		require.NoError(t, err)
	}
	for _, e := range c.Events {
		stored, err := json.Marshal(e)
		require.NoError(t, err)
		seen.Write(stored)
	}
	note, err := m.FileNote(c, draft(letters.ArabicDigits))
	require.NoError(t, err)
	seen.WriteString(note.Text())
	for _, dir := range []string{os.Getenv("TMPDIR"), "."} {
		require.NoError(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				assert.Fail(t, "a file was left", "%s", path)
			}
			return err
		}))
	}
	for _, value := range planted {
		assert.NotContains(t, seen.String(), value)
	}
	assert.Len(t, box.took, 2, "and everybody has a letter")
}

func TestThePileHasALetterAPage(t *testing.T) {
	var pile letters.Stack
	_, err := maker(t).Merge(t.Context(), whole(t), draft(letters.ThaiDigits), letters.Job{List: list(t, affected), Number: 1, By: breach.ByLetter}, &pile)
	require.NoError(t, err)
	assert.Equal(t, 3, pile.Len())
	docx, err := pile.DOCX()
	require.NoError(t, err)
	assert.Equal(t, 2, strings.Count(part(t, docx, "word/document.xml"), "<w:pageBreakBefore/>"))
	page := string(pile.HTML())
	assert.Equal(t, 2, strings.Count(page, `<p class="break">`))
	assert.Contains(t, page, "นางสาวสาม &#34;สาม&#34; สมมติ")
	assert.NotContains(t, fmt.Sprintf("%+v %v", &pile, &pile), "สมมติ")
	empty, err := new(letters.Stack).DOCX()
	require.NoError(t, err)
	wellFormed(t, part(t, empty, "word/document.xml"))
}

func TestAListIsReadInUTF8AndWindows874(t *testing.T) {
	thai, err := charmap.Windows874.NewEncoder().String(affected)
	require.NoError(t, err)
	for name, text := range map[string]string{"UTF-8": affected, "UTF-8 with a mark": "\ufeff" + affected, "Windows-874": thai, "CRLF": strings.ReplaceAll(affected, "\n", "\r\n")} {
		l := list(t, text)
		assert.Equal(t, 5, l.Rows(), name)
		assert.Equal(t, "นายหนึ่ง สมมติ", l.Recipient(1).Reveal().Name, name)
		assert.Equal(t, letters.Person{}, l.Recipient(0).Reveal())
		assert.Equal(t, letters.Person{}, l.Recipient(6).Reveal())
	}
}

func TestAMarkBeforeTheHeadingIsNoPartOfIt(t *testing.T) {
	assert.Equal(t, "ก", list(t, "\ufeffชื่อ\nก\n").Recipient(1).Reveal().Name)
}

func TestAListThatCannotBeReadIsRefusedByRowAndQuotesNothing(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":               "",
		"only a heading":        "ชื่อ,ที่อยู่\n",
		"no name":               "ที่อยู่\nลับ\n",
		"a column twice":        "ชื่อ,name\nลับ,ลับ\n",
		"a row of other width":  "ชื่อ,ที่อยู่\nลับ\n",
		"a quote left open":     "ชื่อ\n\"ลับ\n",
		"a control character":   "ชื่อ\nลับ\x07\n",
		"a name without end":    "ชื่อ\n" + strings.Repeat("ลับ", 1000) + "\n",
		"UTF-16":                "\xff\xfe\x0a\x0e\n\x00",
		"no text":               "name\n\xdb\xdc\n", // bytes that Windows-874 leaves open
		"a NUL":                 "name\nลับ\x00\n",
		"a replacement already": "name\nลับ\ufffd\n",
	} {
		_, err := letters.ReadList([]byte(text))
		require.ErrorIs(t, err, letters.ErrListInvalid, name)
		assert.NotContains(t, err.Error(), "ลับ", name)
	}
	_, err := letters.ReadList([]byte("ชื่อ,ที่อยู่\nก,ข\nลับ\n"))
	row, named := errors.AsType[*letters.RowError](err)
	require.True(t, named)
	assert.Equal(t, 2, row.Row)
	assert.EqualError(t, err, "read list: list of recipients invalid: row 2")
	_, err = letters.ReadList([]byte("ชื่อ\nก\nข\nลับ\x07\n"))
	row, named = errors.AsType[*letters.RowError](err)
	require.True(t, named)
	assert.Equal(t, 3, row.Row)
	_, err = letters.ReadList([]byte("ที่อยู่\nลับ\n"))
	_, named = errors.AsType[*letters.RowError](err)
	assert.False(t, named, "no row is to blame for a heading")
}

func TestTheMergeIsWrittenForTheDayOfTheDraft(t *testing.T) {
	d := draft(letters.ArabicDigits)
	d.At = time.Time{}
	_, err := maker(t).Merge(t.Context(), whole(t), d, letters.Job{List: list(t, affected), Number: 1, By: breach.ByEmail}, &mailbox{})
	assert.Equal(t, []string{"date"}, missing(t, err))
}

// Whatever is read as a list has rows that are text, and no input panics.
func FuzzReadList(f *testing.F) {
	thai, err := charmap.Windows874.NewEncoder().String(affected)
	require.NoError(f, err)
	f.Add([]byte(affected))
	f.Add([]byte(thai))
	f.Add([]byte("name;address\na;b\n"))
	f.Add([]byte("\ufeffname,e-mail\r\n\"a\"\"b\",c@d\r\n"))
	m, c, d := maker(f), whole(f), draft(letters.ThaiDigits)
	f.Fuzz(func(t *testing.T, text []byte) {
		l, err := letters.ReadList(text)
		if err != nil {
			assert.ErrorIs(t, err, letters.ErrListInvalid)
			return
		}
		require.Positive(t, l.Rows())
		first := l.Recipient(1)
		doc, err := m.SubjectLetter(c, d, first)
		if strings.TrimSpace(first.Reveal().Name) == "" {
			assert.ErrorIs(t, err, breach.ErrContentMissing)
			return
		}
		require.NoError(t, err, "a name that was read can be written")
		docx, err := doc.DOCX()
		require.NoError(t, err)
		wellFormed(t, part(t, docx, "word/document.xml"))
	})
}
