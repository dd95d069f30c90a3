package office_test

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/exposure"
	"chipproof/exposure/job"
)

func TestA04ATaskIsStoppedByALaterCleanScanAndByNothingElse(t *testing.T) {
	a := newAgency(t)
	a.publish("/", `<a href="/list.html">รายชื่อ</a>`)
	a.publish("/list.html", somchai)
	a.publish("/sitemap.xml", `<urlset><url><loc>http://www.agency.test/list.html</loc></url></urlset>`)
	a.scan(home)
	task := a.task(home + "list.html")
	assert.Equal(t, []exposure.PlaceKind{exposure.ThePage, exposure.SitemapOf}, []exposure.PlaceKind{task.Places[0].Kind, task.Places[1].Kind})
	assert.Equal(t, exposure.TaskOpen, task.State)
	assert.Len(t, task.Findings, 2, "the name and the number: all that is open there")

	a.claim(task.ID)
	assert.Equal(t, exposure.TaskClaimed, a.state(task.ID), "a click proves nothing")
	_, err := a.tasks.Open(t.Context(), officer, job.TaskOrder{Finding: task.Finding, Owner: owner, Due: a.clock().Add(time.Hour)}, a.clock())
	require.ErrorIs(t, err, job.ErrTaskExists)

	a.down = true
	s, err := a.runner.Begin(t.Context(), officer, a.plan(home))
	require.NoError(t, err)
	_, err = a.runner.Run(t.Context(), s.ID, nil)
	require.ErrorIs(t, err, job.ErrIncomplete)
	assert.Equal(t, job.NoStart, a.one(s.ID).Reason)
	assert.Equal(t, exposure.TaskClaimed, a.state(task.ID), "no answer proves nothing")
	assert.NotEqual(t, exposure.Fixed, a.number(home+"list.html").State, "and fixes nothing")
	a.down = false

	a.scan(home)
	assert.Equal(t, exposure.TaskClaimed, a.state(task.ID), "it is served as before")

	a.withdraw("/list.html")
	a.publish("/", "ว่าง")
	a.scan(home)
	now, err := a.tasks.One(t.Context(), task.ID, a.clock())
	require.NoError(t, err)
	assert.Equal(t, exposure.TaskClaimed, now.State)
	require.Len(t, now.Unproven, 1)
	assert.Equal(t, exposure.StillListed, now.Unproven[0].Why, "the sitemap lists it")
	assert.Empty(t, a.entries(audit.KindTakedownProven))

	a.publish("/sitemap.xml", `<urlset></urlset>`)
	last, _ := a.scan(home)
	now, err = a.tasks.One(t.Context(), task.ID, a.clock())
	require.NoError(t, err)
	assert.Equal(t, exposure.TaskStopped, now.State)
	assert.Empty(t, now.Unproven)
	proven := a.entries(audit.KindTakedownProven)
	require.Len(t, proven, 1)
	assert.Equal(t, task.ID, proven[0].Subject)
	assert.Equal(t, last.ID, proven[0].Attributes["scan"])
	assert.Equal(t, []job.Mark{{Scan: last.ID, At: last.Ended, State: exposure.TaskStopped}}, now.Marks)
	_, err = a.tasks.Claim(t.Context(), officer, task.ID, a.clock())
	require.ErrorIs(t, err, job.ErrTaskStopped)

	a.down = true
	s, err = a.runner.Begin(t.Context(), officer, a.plan(home))
	require.NoError(t, err)
	_, err = a.runner.Run(t.Context(), s.ID, nil)
	require.ErrorIs(t, err, job.ErrIncomplete)
	assert.Equal(t, exposure.TaskStopped, a.state(task.ID), "what does not answer takes no proof back")
	a.down = false

	a.publish("/list.html", somchai) // nothing links to it
	again, _ := a.scan(home)
	assert.Equal(t, exposure.TaskAgain, a.state(task.ID))
	back := a.entries(audit.KindTaskAgain)
	require.Len(t, back, 1)
	assert.Equal(t, again.ID, back[0].Attributes["scan"])
	assert.Equal(t, exposure.LinkOnly, a.number(home+"list.html").Reachability)
}

func TestA07AnOverdueTaskAlarmsAndIsFixedByNothingButAScan(t *testing.T) {
	a := newAgency(t)
	dir := a.folder(map[string]string{"one.txt": somchai, "two.txt": malee})
	a.scan(dir)
	one, two := a.task(dir+"/one.txt"), a.task(dir+"/two.txt")
	a.claim(two.ID)
	a.later(80 * time.Hour)
	list, err := a.tasks.List(t.Context(), "", a.clock())
	require.NoError(t, err)
	require.Len(t, list, 2)
	for _, x := range list {
		assert.True(t, x.Overdue)
		assert.Equal(t, exposure.TaskOverdue, x.State)
	}
	require.NoError(t, os.Remove(dir+"/two.txt"))
	assert.Equal(t, exposure.TaskOverdue, a.state(two.ID), "the file is gone, and no scan has seen that")
	a.scan(dir)
	assert.Equal(t, exposure.TaskStopped, a.state(two.ID))
	assert.Equal(t, exposure.TaskOverdue, a.state(one.ID))
	mine, err := a.tasks.List(t.Context(), owner, a.clock())
	require.NoError(t, err)
	assert.Len(t, mine, 2)
	none, err := a.tasks.List(t.Context(), "u-else", a.clock())
	require.NoError(t, err)
	assert.Empty(t, none)
	assert.Len(t, a.found(job.Filter{Task: one.ID}), 2)
}

func TestATaskNeedsAnOwnerATimeAndSomethingOpen(t *testing.T) {
	a := newAgency(t)
	dir := a.folder(map[string]string{"one.txt": somchai, "two.txt": malee})
	a.scan(dir)
	good := job.TaskOrder{Finding: a.number(dir + "/one.txt").ID, Owner: owner, Due: a.clock().Add(time.Hour)}
	for name, c := range map[string]struct {
		change func(*job.TaskOrder)
		want   error
	}{
		"nobody":              {func(o *job.TaskOrder) { o.Owner = "นายสมชาย ใจดี" }, job.ErrTaskInvalid},
		"a time that is past": {func(o *job.TaskOrder) { o.Due = a.clock().Add(-time.Hour) }, job.ErrTaskInvalid},
		"no finding":          {func(o *job.TaskOrder) { o.Finding = "x" }, job.ErrFindingUnknown},
		"an odd address":      {func(o *job.TaskOrder) { o.Also = []job.Also{{Kind: exposure.CachedCopy, Address: "ftp://x"}} }, job.ErrTaskInvalid},
		"an odd kind":         {func(o *job.TaskOrder) { o.Also = []job.Also{{Kind: "mirror", Address: "http://x.test/"}} }, job.ErrTaskInvalid},
	} {
		o := good
		c.change(&o)
		_, err := a.tasks.Open(t.Context(), officer, o, a.clock())
		assert.ErrorIs(t, err, c.want, name)
		assert.NotContains(t, err.Error(), "สมชาย")
	}
	require.NoError(t, os.Remove(dir+"/one.txt"))
	a.scan(dir)
	_, err := a.tasks.Open(t.Context(), officer, good, a.clock())
	require.ErrorIs(t, err, job.ErrFindingFixed)
	_, err = a.tasks.One(t.Context(), "t-2026-9999", a.clock())
	require.ErrorIs(t, err, job.ErrTaskUnknown)
	assert.Empty(t, a.entries(audit.KindTaskOpened))
}

func TestATaskAboutAFileInAnArchiveIsProvenByALookIntoTheArchive(t *testing.T) {
	a := newAgency(t)
	dir := a.folder(map[string]string{"a.zip": zipped(t, map[string]string{"in.csv": "ชื่อ,เลขประจำตัวประชาชน\nนายสมชาย ใจดี,1101700230708\n", "b.txt": "ว่าง"})})
	a.scan(dir)
	task := a.task(dir + "/a.zip!in.csv")
	a.scan(dir)
	assert.Equal(t, exposure.TaskOpen, a.state(task.ID))
	a.write(dir, "a.zip", zipped(t, map[string]string{"b.txt": "ว่าง"}))
	a.scan(dir)
	assert.Equal(t, exposure.TaskStopped, a.state(task.ID))
	assert.Equal(t, exposure.Fixed, a.number(dir+"/a.zip!in.csv").State)
}

func zipped(t *testing.T, files map[string]string) string {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for name, content := range files {
		f, err := w.Create(name)
		require.NoError(t, err)
		_, err = f.Write([]byte(content))
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return out.String()
}

// Whoever puts a picture of the list in the list's place has taken nothing down, as
// far as a scan can tell; nor who packs it so that it can't be read.
func TestA04APictureInItsPlaceProvesNothing(t *testing.T) {
	a := newAgency(t)
	dir := a.folder(map[string]string{"list.pdf": somchai, "papers.zip": zipped(t, map[string]string{"list.txt": malee})})
	a.scan(dir)
	pdf, member := filepath.Join(dir, "list.pdf"), filepath.Join(dir, "papers.zip!list.txt")
	tasks := []string{a.task(pdf).ID, a.task(member).ID}
	for _, id := range tasks {
		a.claim(id)
	}
	a.write(dir, "list.pdf", paper)
	a.write(dir, "papers.zip", "7z\xbc\xaf\x27\x1c")
	scan, report := a.scan(dir)
	assert.Equal(t, job.Complete, scan.State)
	assert.Len(t, report.NotRead, 2)
	for i, target := range []string{pdf, member} {
		now, err := a.tasks.One(t.Context(), tasks[i], a.clock())
		require.NoError(t, err)
		assert.Equal(t, exposure.TaskClaimed, now.State, target)
		require.Len(t, now.Unproven, 1)
		assert.Equal(t, string(exposure.Partly), now.Unproven[0].Why)
		assert.Equal(t, exposure.Unchecked, a.number(target).State, target)
	}

	a.write(dir, "list.pdf", "ไม่มีข้อมูล")
	require.NoError(t, os.Remove(filepath.Join(dir, "papers.zip")))
	a.scan(dir)
	for _, id := range tasks {
		assert.Equal(t, exposure.TaskStopped, a.state(id))
	}
}

// paper is a PDF of one page that is a picture of one dot.
const paper = "%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Count 1 /Kids [3 0 R] >>\nendobj\n" +
	"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >> >>\nendobj\n" +
	"4 0 obj\n<< /Length 29 >>\nstream\nq 595 0 0 842 0 0 cm /I Do Q \nendstream\nendobj\n" +
	"5 0 obj\n<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>\nstream\n\x7f\nendstream\nendobj\n" +
	"trailer << /Root 1 0 R /Size 6 >>\n%%EOF\n"
