package office_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkSmallFiles is a scan of many small files, each kept durably: what the
// state costs beside the reading.
func BenchmarkSmallFiles(b *testing.B) {
	a := newAgency(b)
	files := map[string]string{}
	for i := range 500 {
		files[fmt.Sprintf("f%d.txt", i)] = "ประกาศ เรื่อง การประชุมสภาเทศบาล สมัยสามัญ"
	}
	dir := a.folder(files)
	for b.Loop() {
		s, err := a.runner.Begin(b.Context(), officer, a.plan(dir))
		require.NoError(b, err)
		_, err = a.runner.Run(b.Context(), s.ID, nil)
		require.NoError(b, err)
	}
	b.ReportMetric(float64(len(files)*b.N)/b.Elapsed().Seconds(), "files/s")
}
