package corpus_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"chipproof/exposure/corpus"
	"chipproof/exposure/detect"
)

// BenchmarkMeasure prints precision and recall by class, and for citizen numbers
// by format and encoding, each with its 95 % interval (assurance §4.9). The time
// of an operation is that of one document.
func BenchmarkMeasure(b *testing.B) {
	s, key := scanner(b)
	docs := mixed(b, 20)
	var results []corpus.Result
	for b.Loop() {
		var err error
		results, err = corpus.Measure(b.Context(), s, key, docs)
		require.NoError(b, err)
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(docs)), "µs/document")
	fmt.Print(table(results))
	for name, class := range map[string]detect.Class{
		"citizen": detect.CitizenID, "name": detect.Name, "address": detect.Address, "phone": detect.Phone,
	} {
		sum := corpus.Sum(results, class)
		precision, recall := corpus.Bootstrap(results, class, seed)
		b.ReportMetric(sum.Precision(), name+"-precision")
		b.ReportMetric(precision.Low, name+"-precision-low")
		b.ReportMetric(precision.High, name+"-precision-high")
		b.ReportMetric(sum.Recall(), name+"-recall")
		b.ReportMetric(recall.Low, name+"-recall-low")
		b.ReportMetric(recall.High, name+"-recall-high")
	}
}

// table is the measurement in Markdown, as the README has it.
func table(results []corpus.Result) string {
	out := fmt.Sprintf("\n%d documents, seed %d\n\n| class | values | precision | recall | F1 |\n| --- | --- | --- | --- | --- |\n", len(results), seed)
	for _, c := range detect.Classes() {
		out += line(string(c), results, c)
	}
	out += "\n| th_citizen_id in | values | precision | recall | F1 |\n| --- | --- | --- | --- | --- |\n"
	var kinds []string
	by := map[string][]corpus.Result{}
	for _, r := range results {
		k := r.Document.Format + " " + r.Document.Encoding
		if !slices.Contains(kinds, k) {
			kinds = append(kinds, k)
		}
		by[k] = append(by[k], r)
	}
	for _, k := range kinds {
		out += line(k, by[k], detect.CitizenID)
	}
	return out
}

func line(name string, results []corpus.Result, c detect.Class) string {
	sum := corpus.Sum(results, c)
	if sum.Right+sum.Missed+sum.Wrong == 0 {
		return ""
	}
	p, r := corpus.Bootstrap(results, c, seed)
	return fmt.Sprintf("| %s | %d | %.4f (%.4f–%.4f) | %.4f (%.4f–%.4f) | %.4f |\n", name, sum.Right+sum.Missed, sum.Precision(), p.Low, p.High, sum.Recall(), r.Low, r.High, sum.F1())
}
