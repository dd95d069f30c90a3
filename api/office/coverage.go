package office

import (
	"context"
	"fmt"
	"time"

	"chipproof/exposure"
)

// AssetLine is a system that the agency holds.
type AssetLine struct {
	Name      string     `json:"name" minLength:"1" maxLength:"200" doc:"What it is called"`
	Owner     string     `json:"owner" minLength:"1" maxLength:"200" doc:"The unit that answers for it; no person"`
	Targets   []string   `json:"targets" minItems:"1" maxItems:"200" nullable:"false" doc:"Hosts, addresses or folders that it is made of" example:"[\"www.example.go.th\"]"`
	Classes   []dataWord `json:"classes,omitempty" nullable:"false" maxItems:"50" doc:"What personal data it is meant to hold"`
	Processor string     `json:"processor,omitempty" maxLength:"200" doc:"Who looks after it for the agency"`
}

// CoveredLine is what is known of one target of a system.
type CoveredLine struct {
	Asset  string    `json:"asset" doc:"The system"`
	Target string    `json:"target" doc:"Host, address or folder"`
	Last   time.Time `json:"last,omitzero" doc:"When a scan of it came to its end; absent when none ever did"`
}

// TrendDay is what was open at the end of a day.
type TrendDay struct {
	Day        string         `json:"day" doc:"In Thailand's time" example:"2026-11-25"`
	Open       int            `json:"open" doc:"Findings that were open"`
	Severities map[string]int `json:"severities" nullable:"false" doc:"By severity"`
}

type (
	assetsOutput struct {
		Body struct {
			Assets []AssetLine `json:"assets" nullable:"false" doc:"The register"`
		}
	}
	assetsInput struct {
		Body struct {
			Assets []AssetLine `json:"assets" nullable:"false" maxItems:"2000" doc:"The whole register"`
		}
	}
	coverageOutput struct {
		Body struct {
			Coverage []CoveredLine `json:"coverage" nullable:"false" doc:"Each target of each system; what was never scanned first"`
			Assets   int           `json:"assets" doc:"How many systems there are"`
		}
	}
	trendInput struct {
		Days int `query:"days" minimum:"1" maximum:"366" default:"30" doc:"How many days, the last one today"`
	}
	trendOutput struct {
		Body struct {
			Days []TrendDay `json:"days" nullable:"false" doc:"Oldest first, from the first scan on"`
		}
	}
)

// ict is Thailand's time, in which days are counted.
var ict = time.FixedZone("ICT", 7*60*60)

func (e *Exposures) listAssets(ctx context.Context, _ *struct{}) (*assetsOutput, error) {
	assets, err := e.Assets.List(ctx)
	if err != nil {
		return nil, fmt.Errorf("list assets: %w", err)
	}
	var out assetsOutput
	out.Body.Assets = mapped(assets, func(a exposure.Asset) AssetLine {
		return AssetLine{Name: a.Name, Owner: a.Owner, Targets: nonNil(a.Targets), Classes: mapped(a.Classes, func(c exposure.Class) dataWord { return dataWord(c) }), Processor: a.Processor}
	})
	return &out, nil
}

// setAssets keeps the whole register.
func (e *Exposures) setAssets(ctx context.Context, in *assetsInput) (*struct{}, error) {
	assets := mapped(in.Body.Assets, func(a AssetLine) exposure.Asset {
		return exposure.Asset{Name: a.Name, Owner: a.Owner, Targets: a.Targets, Classes: mapped(a.Classes, func(c dataWord) exposure.Class { return exposure.Class(c) }), Processor: a.Processor}
	})
	if err := e.Assets.Save(ctx, jobActor(ctx), assets, e.Now()); err != nil {
		return nil, fmt.Errorf("keep assets: %w", err)
	}
	return nil, nil
}

func (e *Exposures) showCoverage(ctx context.Context, _ *struct{}) (*coverageOutput, error) {
	covered, err := e.Assets.Coverage(ctx)
	if err != nil {
		return nil, fmt.Errorf("show coverage: %w", err)
	}
	assets, err := e.Assets.List(ctx)
	if err != nil {
		return nil, fmt.Errorf("show coverage: %w", err)
	}
	var out coverageOutput
	out.Body.Assets = len(assets)
	out.Body.Coverage = make([]CoveredLine, 0, len(covered))
	for _, never := range []bool{true, false} {
		for _, c := range covered {
			if c.Last.IsZero() == never {
				out.Body.Coverage = append(out.Body.Coverage, CoveredLine{Asset: c.Asset, Target: c.Target, Last: c.Last})
			}
		}
	}
	return &out, nil
}

func (e *Exposures) showTrend(ctx context.Context, in *trendInput) (*trendOutput, error) {
	days, err := e.Trend.Trend(ctx, in.Days, e.Now())
	if err != nil {
		return nil, fmt.Errorf("show trend: %w", err)
	}
	scans, err := e.Scans.List(ctx, listedScans)
	if err != nil {
		return nil, fmt.Errorf("show trend: %w", err)
	}
	// Before the first scan nobody knew anything: those days are no zeros.
	from := "9999"
	if len(scans) > 0 {
		from = scans[len(scans)-1].Begun.In(ict).Format(time.DateOnly)
	}
	var out trendOutput
	out.Body.Days = make([]TrendDay, 0, len(days))
	for _, d := range days {
		if d.Date < from {
			continue
		}
		out.Body.Days = append(out.Body.Days, TrendDay{Day: d.Date, Open: d.Open, Severities: nonNilMap(counted(d.By))})
	}
	return &out, nil
}
