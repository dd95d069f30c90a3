package corpus

import (
	"context"
	"fmt"
	"slices"

	"chipproof/exposure"
	"chipproof/exposure/detect"
)

// Counts is how a detector did.
type Counts struct{ Right, Wrong, Missed int }

// Precision is the share of what was found that was there, 1 when nothing was
// found.
func (c Counts) Precision() float64 { return share(c.Right, c.Wrong) }

// Recall is the share of what was there that was found.
func (c Counts) Recall() float64 { return share(c.Right, c.Missed) }

// F1 is their harmonic mean.
func (c Counts) F1() float64 {
	p, r := c.Precision(), c.Recall()
	if p+r == 0 {
		return 0
	}
	return 2 * p * r / (p + r)
}

func share(good, bad int) float64 {
	if good+bad == 0 {
		return 1
	}
	return float64(good) / float64(good+bad)
}

func (c *Counts) add(o Counts) {
	c.Right += o.Right
	c.Wrong += o.Wrong
	c.Missed += o.Missed
}

// Result is how the scanner did on one document, by class. A value counts once
// a document, however often it stands there.
type Result struct {
	Document Document
	Classes  map[detect.Class]Counts
	// Wrong are places of what was found and not planted, Missed values that
	// were planted and not found. All of it is synthetic.
	Wrong  []exposure.Finding
	Missed []Planted
}

// Measure scans documents and compares what is found with what was planted.
func Measure(ctx context.Context, s *exposure.Scanner, key exposure.Key, docs []Document) ([]Result, error) {
	var out []Result
	for _, d := range docs {
		outcome, err := s.Scan(ctx, exposure.Item{Target: d.Name, Source: exposure.BodySource(d.Content), Reachability: exposure.Internal})
		if err != nil {
			return nil, fmt.Errorf("measure document: %w", err)
		}
		out = append(out, compare(key, d, outcome))
	}
	return out, nil
}

func compare(key exposure.Key, d Document, o exposure.Outcome) Result {
	r := Result{Document: d, Classes: map[detect.Class]Counts{}}
	planted := map[string]Planted{}
	for _, p := range d.Planted {
		planted[string(p.Class)+key.Fingerprint(p.Class, detect.NewValue(p.Value))] = p
	}
	found := map[string]bool{}
	for _, f := range o.Findings {
		id := string(f.Class) + f.Fingerprint
		if found[id] {
			continue
		}
		found[id] = true
		c := r.Classes[f.Class]
		if _, ok := planted[id]; ok {
			c.Right++
		} else {
			c.Wrong++
			r.Wrong = append(r.Wrong, f)
		}
		r.Classes[f.Class] = c
	}
	for id, p := range planted {
		if !found[id] {
			c := r.Classes[p.Class]
			c.Missed++
			r.Classes[p.Class] = c
			r.Missed = append(r.Missed, p)
		}
	}
	return r
}

// Sum adds one class up over results; an empty class means all.
func Sum(results []Result, class detect.Class) Counts {
	var sum Counts
	for _, r := range results {
		for c, n := range r.Classes {
			if class == "" || c == class {
				sum.add(n)
			}
		}
	}
	return sum
}

// Interval is a confidence interval of 95 %.
type Interval struct{ Low, High float64 }

const resamples = 1000

// Bootstrap draws documents with replacement, a thousand times, and gives the
// intervals of precision and recall (percentile method, Efron 1979). Documents
// and not single values are drawn, because what stands in one document is found
// or missed together.
func Bootstrap(results []Result, class detect.Class, seed uint64) (precision, recall Interval) {
	r := random{state: seed}
	var ps, rs []float64
	for range resamples {
		var sum Counts
		for range results {
			sum.add(results[r.below(len(results))].Classes[class])
		}
		ps, rs = append(ps, sum.Precision()), append(rs, sum.Recall())
	}
	return percentiles(ps), percentiles(rs)
}

func percentiles(v []float64) Interval {
	if len(v) == 0 {
		return Interval{}
	}
	slices.Sort(v)
	return Interval{v[len(v)*25/1000], v[len(v)*975/1000]}
}
