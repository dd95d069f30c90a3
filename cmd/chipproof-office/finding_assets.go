package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"chipproof/api"
	"chipproof/cmd/internal/program"
	"chipproof/exposure"
)

type findingAssetsCmd struct {
	File string          `help:"Put the systems of this file, in YAML or JSON, in the place of all that are listed." placeholder:"FILE"`
	JSON bool            `name:"json" help:"Print JSON: {assets: [{name, owner, targets, classes, processor}]}, which --file takes back."`
	Data program.DataDir `embed:""`
}

// Help is the long text of `finding assets --help`.
func (findingAssetsCmd) Help() string {
	return `A file of systems:

    assets:
      - name: เว็บไซต์หลัก
        owner: กองสารสนเทศ             # the unit that answers for it; no person
        targets: [www.example.go.th]   # hosts, addresses or folders
        classes: [th_name, th_phone]   # what it is meant to hold
        processor: บริษัทผู้ดูแล         # who looks after it, if anybody`
}

// assetFile is the register as a file has it.
type assetFile struct {
	Assets []assetLine `json:"assets" yaml:"assets"`
}

type assetLine struct {
	Name      string           `json:"name" yaml:"name"`
	Owner     string           `json:"owner" yaml:"owner"`
	Targets   []string         `json:"targets" yaml:"targets"`
	Classes   []exposure.Class `json:"classes" yaml:"classes"`
	Processor string           `json:"processor,omitzero" yaml:"processor"`
}

// Run implements [program.Command].
func (c *findingAssetsCmd) Run(ctx context.Context, p *program.Program) error {
	var file assetFile
	if c.File != "" {
		if err := readByHand(c.File, &file); err != nil {
			return fmt.Errorf("read %s: %w: %w", c.File, errAssetsInvalid, err)
		}
		if file.Assets == nil { // an empty file must not empty the register
			return fmt.Errorf("read %s: %w: no list assets", c.File, errAssetsInvalid)
		}
	}
	list, err := onBureau(ctx, p, c.Data, agencyFlags{}, func(b *bureau) ([]exposure.Asset, error) {
		if c.File != "" {
			if err := b.assets.Save(ctx, b.by(), file.assets(), time.Now()); err != nil {
				return nil, err
			}
		}
		return b.assets.List(ctx)
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(p.Out, fileOf(list))
	}
	_, err = io.WriteString(p.Out, assetTable(p.Say, list))
	return err
}

func (f assetFile) assets() []exposure.Asset {
	list := []exposure.Asset{}
	for _, a := range f.Assets {
		list = append(list, exposure.Asset(a))
	}
	return list
}

func fileOf(assets []exposure.Asset) assetFile {
	file := assetFile{Assets: []assetLine{}}
	for _, a := range assets {
		file.Assets = append(file.Assets, assetLine(a))
	}
	return file
}

func assetTable(say program.Speech, list []exposure.Asset) string {
	var page strings.Builder
	if len(list) == 0 {
		return say.Label(api.Text{TH: "ยังไม่มีระบบในทะเบียน", EN: "no systems are listed"}) + "\n"
	}
	t := table{}
	for _, a := range list {
		t.add(a.Name, a.Owner, strings.Join(a.Targets, " "))
	}
	t.write(&page)
	return page.String()
}

type findingCoverageCmd struct {
	JSON bool            `name:"json" help:"Print JSON: {coverage: [{asset, target, last}]}."`
	Data program.DataDir `embed:""`
}

// Help is the long text of `finding coverage --help`.
func (findingCoverageCmd) Help() string {
	return `Exit codes: 0 each target of each system was scanned to its end at some time; 1 one never was, or no systems are listed.`
}

// Run implements [program.Command].
func (c *findingCoverageCmd) Run(ctx context.Context, p *program.Program) error {
	list, err := onBureau(ctx, p, c.Data, agencyFlags{}, func(b *bureau) ([]exposure.Covered, error) {
		return b.assets.Coverage(ctx)
	})
	if err != nil {
		return err
	}
	slices.SortStableFunc(list, func(a, b exposure.Covered) int { return cmp.Compare(seconds(a.Last), seconds(b.Last)) })
	if c.JSON {
		err = printJSON(p.Out, struct {
			Coverage []exposure.Covered `json:"coverage"`
		}{append([]exposure.Covered{}, list...)})
	} else {
		_, err = io.WriteString(p.Out, coverageTable(p, list))
	}
	if err == nil && (len(list) == 0 || len(exposure.NeverScanned(list)) > 0) {
		err = program.ErrNo
	}
	return err
}

// seconds of a time; none of never.
func seconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

func coverageTable(p *program.Program, list []exposure.Covered) string {
	var page strings.Builder
	if len(list) == 0 {
		return assetTable(p.Say, nil)
	}
	never := len(exposure.NeverScanned(list))
	fmt.Fprintln(&page, said(p.Say, "ไม่เคยสแกน %d จาก %d แห่ง", "%d of %d were never scanned", never, len(list)))
	t := table{}
	for _, c := range list {
		last := p.Say.Label(api.Text{TH: "ไม่เคย", EN: "never"})
		if !c.Last.IsZero() {
			last = p.Moment(c.Last)
		}
		t.add(last, c.Asset, c.Target)
	}
	t.write(&page)
	return page.String()
}
