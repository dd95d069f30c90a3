package exposure_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/exposure"
	"chipproof/exposure/detect"
	"chipproof/exposure/formats"
)

func TestAFolderOrFileThatIsNamedByALinkIsRead(t *testing.T) {
	dir := folder(t, map[string]string{"a.txt": "1101700230708", "sub/b.csv": "cid,x\n1000000000190,y\n"})
	links := t.TempDir()
	require.NoError(t, os.Symlink(dir, filepath.Join(links, "www")))
	require.NoError(t, os.Symlink(filepath.Join(dir, "a.txt"), filepath.Join(links, "a.txt")))
	for name, people := range map[string]int{"www": 2, "a.txt": 1} {
		tally := exposure.NewTally()
		for _, o := range newRig(t).files(t, filepath.Join(links, name), exposure.Run{}) {
			tally.Add(o)
			assert.True(t, strings.HasPrefix(o.Target, filepath.Join(links, name)), "under the name that was given")
		}
		assert.Equal(t, people, tally.Summary().People, name)
	}
}

func TestAFolderIsReadWithEverythingInIt(t *testing.T) {
	dir := folder(t, map[string]string{
		"a.txt": "1101700230708", "sub/b.csv": "cid,x\n1000000000190,y\n", "sub/deep/c.json": `{"cid":"8123456789011"}`, "pic.png": "\x89PNG\r\n\x1a\n", "empty": "",
	})
	require.NoError(t, os.Symlink(filepath.Join(dir, "sub"), filepath.Join(dir, "again")))
	r := newRig(t)
	tally := exposure.NewTally()
	for _, o := range r.files(t, dir, exposure.Run{}) {
		tally.Add(o)
		for _, f := range o.Findings {
			assert.Equal(t, exposure.Internal, f.Reachability)
		}
	}
	sum := tally.Summary()
	assert.Equal(t, 3, sum.People, "a link leads nowhere twice")
	assert.Equal(t, 3, sum.Classes[detect.CitizenID])
	assert.Equal(t, 1, sum.NotRead)
}

func TestANumberInAFilesNameIsAFindingAndIsMasked(t *testing.T) {
	dir := folder(t, map[string]string{"สำเนาบัตร 1-1017-00230-70-8.txt": "ว่าง", "นายสมชาย ใจดี.png": "\x89PNG\r\n\x1a\n", "9999999999999999.txt": "x"})
	r := newRig(t)
	outcomes := r.files(t, dir, exposure.Run{})
	for _, o := range outcomes {
		assert.NotContains(t, o.Target, "สมชาย")
		assert.NotRegexp(t, `\d{13}`, o.Target)
		switch {
		case strings.HasSuffix(o.Target, ".png"):
			require.Len(t, of(o, detect.Name), 1)
			assert.Equal(t, formats.Image, o.NotRead[0].Reason)
			assert.Equal(t, o.Target, o.NotRead[0].Target)
		case strings.Contains(o.Target, "1-xxxx-xxxxx-70-8"):
			require.Len(t, o.Findings, 1)
			assert.Equal(t, "name", o.Findings[0].Locator.Path)
		}
	}
	assert.Len(t, outcomes, 3)
}

func TestA05AScanThatWasStoppedGoesOnAndCountsNothingTwice(t *testing.T) {
	files := map[string]string{}
	for i, n := range valid(40) {
		files[string(rune('a'+i%26))+n[8:]+".txt"] = n
	}
	dir := folder(t, files)
	r := newRig(t)
	state := &stopping{Memory: exposure.NewMemory(), after: 15}
	err := r.Files(t.Context(), []string{dir}, exposure.Run{State: state, Workers: 3})
	require.ErrorIs(t, err, errStopped)
	done := len(state.Outcomes())
	assert.Less(t, done, 40)
	state.after = 1000
	require.NoError(t, r.Files(t.Context(), []string{dir}, exposure.Run{State: state, Workers: 3}))
	tally := exposure.NewTally()
	for _, o := range state.Outcomes() {
		tally.Add(o)
	}
	assert.Equal(t, 40, tally.Summary().People)
	assert.Len(t, state.Outcomes(), 40)
}

var errStopped = errors.New("stopped")

// stopping is a store that goes away after so many outcomes.
type stopping struct {
	*exposure.Memory
	after int32
	n     atomic.Int32
}

func (s *stopping) Finish(ctx context.Context, o exposure.Outcome) error {
	if s.n.Add(1) > s.after {
		return errStopped
	}
	return s.Memory.Finish(ctx, o)
}

func TestProgressIsToldWithTheTimeLeft(t *testing.T) {
	dir := folder(t, map[string]string{"a.txt": strings.Repeat("x", 100), "b.txt": strings.Repeat("1101700230708 ", 10), "c.txt": strings.Repeat("x", 160)})
	ticks := at
	r := newRig(t, func(o *exposure.Options) { o.Now = func() time.Time { ticks = ticks.Add(time.Second); return ticks } })
	var told []exposure.Progress
	r.files(t, dir, exposure.Run{Workers: 1, Tell: func(p exposure.Progress) { told = append(told, p) }})
	require.Len(t, told, 3)
	assert.Equal(t, 3, told[0].TotalItems)
	assert.Equal(t, int64(400), told[2].Bytes)
	assert.Equal(t, int64(400), told[2].TotalBytes)
	assert.Positive(t, told[0].Left)
	assert.Zero(t, told[2].Left)
	assert.Equal(t, 1, told[2].People)
	assert.Equal(t, 10, told[2].Findings)
}

func TestAFileThatCannotBeReadSpoilsNoScan(t *testing.T) {
	dir := folder(t, map[string]string{"a.txt": "1101700230708", "b.txt": "1000000000190"})
	r := newRig(t)
	memory := exposure.NewMemory()
	require.NoError(t, r.Files(t.Context(), []string{dir}, exposure.Run{State: removing{memory, filepath.Join(dir, "b.txt")}, Workers: 1}))
	var got []formats.Reason
	for _, o := range memory.Outcomes() {
		got = append(got, reasons(o)...)
	}
	assert.Equal(t, []formats.Reason{formats.Unreadable}, got)
}

// removing deletes a file while the scan is on its way to it.
type removing struct {
	*exposure.Memory
	path string
}

func (r removing) Finish(ctx context.Context, o exposure.Outcome) error {
	os.Remove(r.path)
	return r.Memory.Finish(ctx, o)
}

func TestARootThatIsNotThereEndsTheScanWithoutNamingIt(t *testing.T) {
	r := newRig(t)
	err := r.Files(t.Context(), []string{filepath.Join(t.TempDir(), "นายสมชาย ใจดี")}, exposure.Run{State: exposure.NewMemory()})
	require.ErrorIs(t, err, fs.ErrNotExist)
	assert.NotContains(t, err.Error(), "สมชาย")
}

func TestTooManyFilesAreReportedAsNotRead(t *testing.T) {
	dir := folder(t, map[string]string{"a.txt": "1101700230708", "b.txt": "1000000000190", "c.txt": "8123456789011"})
	var got []formats.Reason
	for _, o := range newRig(t).files(t, dir, exposure.Run{MaxFiles: 2, Workers: 1}) {
		got = append(got, reasons(o)...)
	}
	assert.Equal(t, []formats.Reason{formats.OverLimit}, got)
}

// slow is a source that never ends and gives a byte at a time.
func TestAFileThatTakesTooLongIsCutAndTheScanGoesOn(t *testing.T) {
	dir := folder(t, map[string]string{"a.txt": strings.Repeat("1101700230708 ", 4<<20), "b.txt": "1000000000190"})
	var got []formats.Reason
	for _, o := range newRig(t).files(t, dir, exposure.Run{ItemTime: 50 * time.Millisecond, Workers: 1}) {
		got = append(got, reasons(o)...)
	}
	assert.Equal(t, []formats.Reason{formats.TimedOut}, got)
}
