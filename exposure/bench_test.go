package exposure_test

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/exposure"
	"chipproof/exposure/detect"
)

// page is text with few candidates, as most of what an agency publishes: one
// person in about 100 kB.
func page() string {
	prose := `ประกาศเทศบาลตำบลบ้านลาด เรื่อง การรับสมัครบุคคลเพื่อสรรหาและเลือกสรรเป็นพนักงานจ้างทั่วไป ด้วยเทศบาลมีความประสงค์จะรับสมัคร
ผู้มีคุณสมบัติตามที่กำหนด สามารถยื่นใบสมัครด้วยตนเองได้ที่งานการเจ้าหน้าที่ ในวันและเวลาราชการ The municipality invites applications from
persons who meet the requirements below; forms are available at the personnel office during working hours, and results will be announced in 2568.
<div class="content"><p>Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua.</p></div>
`
	return strings.Repeat(prose, 70) + "นายสมชาย ใจดี เลขประจำตัวประชาชน 1-1017-00230-70-8\n"
}

// endless is a source of so many bytes that are made while they are read.
type endless struct {
	page string
	size int64
}

func (e endless) Size() int64 { return e.size }

func (e endless) Open(context.Context) (io.ReadCloser, error) {
	return io.NopCloser(io.LimitReader(&turning{text: e.page}, e.size)), nil
}

type turning struct {
	text string
	at   int
}

func (t *turning) Read(p []byte) (int, error) {
	n := copy(p, t.text[t.at:])
	t.at = (t.at + n) % len(t.text)
	return n, nil
}

// Issue 6: ≥ 150 MB/s a core on text with few candidates, beside grep on the
// same file. cpu-MB/s is by the time that the processor was ours; on a machine
// with other work to do it is the figure to look at.
func BenchmarkScanText(b *testing.B) {
	dir := b.TempDir()
	name := filepath.Join(dir, "text.txt")
	content := strings.Repeat(page(), 64<<20/len(page()))
	require.NoError(b, os.WriteFile(name, []byte(content), 0o600))
	size := int64(len(content))

	b.Run("chipproof", func(b *testing.B) {
		r := newRig(b)
		b.SetBytes(size)
		begun := processorTime()
		for b.Loop() {
			out, err := r.Scan(b.Context(), exposure.Item{Target: "text.txt", Source: exposure.FileSource{Path: name, Bytes: size}, Reachability: exposure.Internal})
			require.NoError(b, err)
			require.NotZero(b, out.Counts[detect.CitizenID])
		}
		b.ReportMetric(float64(size)*float64(b.N)/1e6/(processorTime()-begun).Seconds(), "cpu-MB/s")
	})
	b.Run("grep", func(b *testing.B) {
		b.SetBytes(size)
		used := time.Duration(0)
		for b.Loop() {
			cmd := exec.Command("grep", "-cP", `\d{13}`, name)
			err := cmd.Run()
			require.True(b, err == nil || cmd.ProcessState.ExitCode() == 1, "%v", err)
			used += cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		}
		b.ReportMetric(float64(size)*float64(b.N)/1e6/used.Seconds(), "cpu-MB/s")
	})
}

// Issue 6: memory stays flat on a file of 2 GB.
func BenchmarkMemoryOf2GB(b *testing.B) {
	for _, name := range []string{"a.txt", "a.csv"} {
		b.Run(name, func(b *testing.B) {
			r := newRig(b)
			text := page()
			if name == "a.csv" {
				text = strings.Repeat("1234,ถนนสายหลัก,2568-01-01,งานก่อสร้าง,12500.00,หมายเหตุทั่วไป\n", 2000) + "1,x,1101700230708,x,1.00,x\n"
			}
			for b.Loop() {
				peak := watchHeap(func() {
					_, err := r.Scan(b.Context(), exposure.Item{Target: name, Source: endless{text, 2 << 30}, Reachability: exposure.Internal})
					require.NoError(b, err)
				})
				b.ReportMetric(float64(peak)/(1<<20), "peak-MiB")
			}
			b.SetBytes(2 << 30)
		})
	}
}

// watchHeap gives how far the heap grew while f ran.
func watchHeap(f func()) uint64 {
	runtime.GC()
	debug.FreeOSMemory()
	var before, now runtime.MemStats
	runtime.ReadMemStats(&before)
	var peak atomic.Uint64
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			runtime.ReadMemStats(&now)
			if now.HeapInuse > before.HeapInuse {
				peak.Store(max(peak.Load(), now.HeapInuse-before.HeapInuse))
			}
			select {
			case <-tick.C:
			case <-done:
				return
			}
		}
	}()
	f()
	close(done)
	<-ended
	return peak.Load()
}

// The same on a smaller file, held by a test: ten times the text, the same
// memory.
func TestMemoryStaysFlatHoweverLargeAFileIs(t *testing.T) {
	r := newRig(t, func(o *exposure.Options) { o.MaxFindings = 100 })
	line := strings.Repeat("x", 200)
	for name, text := range map[string]string{
		"a.txt":    page(),
		"a.csv":    "1234,ถนนสายหลัก,2568-01-01,งานก่อสร้าง,12500.00,หมายเหตุทั่วไป\n",
		"a.ndjson": `{"a":"` + line + `","b":[1,2,3]}` + "\n",
		"a.xml":    "<p><a>" + line + "</a></p>\n",
		"a.html":   "<p>" + line + "</p>\n",
		"b.txt":    "x", // one line without an end
		"b.json":   "x", // a string without an end
	} {
		prefix := map[string]string{"a.xml": "<?xml version=\"1.0\"?><r>", "a.html": "<html>", "b.json": `"`}[name]
		peak := watchHeap(func() {
			_, err := r.Scan(t.Context(), exposure.Item{Target: name, Source: withPrefix{prefix, endless{text, 24 << 20}}, Reachability: exposure.Internal})
			require.NoError(t, err)
		})
		t.Logf("%s %d MiB", name, peak>>20)
		assert.Less(t, peak, uint64(22<<20), name)
	}
}

type withPrefix struct {
	prefix string
	endless
}

func (w withPrefix) Open(ctx context.Context) (io.ReadCloser, error) {
	rest, err := w.endless.Open(ctx)
	return io.NopCloser(io.MultiReader(strings.NewReader(w.prefix), rest)), err
}
