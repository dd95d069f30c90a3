package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"time"
)

type versionCmd struct {
	JSON bool `name:"json" help:"Print JSON."`
}

func (c *versionCmd) run(_ context.Context, p *program) error {
	b := thisBuild()
	if c.JSON {
		return printJSON(p.out, struct {
			Version string `json:"version"`
			Go      string `json:"go"`
			OS      string `json:"os"`
			Arch    string `json:"arch"`
		}{b.version, runtime.Version(), runtime.GOOS, runtime.GOARCH})
	}
	_, err := fmt.Fprintf(p.out, "chipproof %s (%s, %s/%s)\n", b.version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}

// build is what the program knows of its own making.
type build struct {
	version  string    // of the module, with the commit; "(devel)" without either
	revision string    // of the commit, 12 digits; "unknown" without one
	time     time.Time // of the commit; zero when unknown
}

func thisBuild() build {
	b := build{version: "(devel)", revision: "unknown"}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	if info.Main.Version != "" {
		b.version = info.Main.Version
	}
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.time":
			b.time, _ = time.Parse(time.RFC3339, s.Value) // zero if it isn't one
		case s.Key == "vcs.revision" && len(s.Value) >= 12:
			b.revision = s.Value[:12]
		}
	}
	return b
}
