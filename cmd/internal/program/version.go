package program

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"time"
)

// VersionCmd prints which program this is.
type VersionCmd struct {
	JSON bool `name:"json" help:"Print JSON."`
}

// Run implements [Command].
func (c *VersionCmd) Run(_ context.Context, p *Program) error {
	b := ThisBuild()
	if c.JSON {
		return PrintJSON(p.Out, struct {
			Version string `json:"version"`
			Go      string `json:"go"`
			OS      string `json:"os"`
			Arch    string `json:"arch"`
		}{b.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH})
	}
	_, err := fmt.Fprintf(p.Out, "%s %s (%s, %s/%s)\n", p.Kind.Name, b.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}

// Build is what the program knows of its own making.
type Build struct {
	Version  string    // of the module, with the commit; "(devel)" without either
	Revision string    // of the commit, 12 digits; "unknown" without one
	Time     time.Time // of the commit; zero when unknown
}

// ThisBuild is that of this program.
func ThisBuild() Build {
	b := Build{Version: "(devel)", Revision: "unknown"}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	if info.Main.Version != "" {
		b.Version = info.Main.Version
	}
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.time":
			b.Time, _ = time.Parse(time.RFC3339, s.Value) // zero if it isn't one
		case s.Key == "vcs.revision" && len(s.Value) >= 12:
			b.Revision = s.Value[:12]
		}
	}
	return b
}
