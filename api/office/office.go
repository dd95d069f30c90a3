package office

import (
	"embed"
	"io/fs"
	"slices"

	"chipproof/api"
	web "chipproof/api/console"
)

// Title and Version stand in the OpenAPI document. Version is the interface's:
// it changes when a caller must change.
const (
	Title   = "chipproof-office"
	Version = "1.0.0"
)

//go:embed static
var staticFiles embed.FS

//go:embed pages
var pageFiles embed.FS

// Office is everything that an office answers. A part that is nil is not there.
type Office struct {
	Exposures *Exposures
	Incidents *Incidents
}

// group is what belongs together: its routes, and the pages that ask them.
type group struct {
	routes   func(*api.Server)
	pages    []web.Page
	messages []web.Message
	styles   []string
	// shared are templates of several of the pages, scripts what every page loads.
	shared, scripts []string
}

// groups are the parts of this office, in the order of the menu.
func (o Office) groups() (list []group) {
	if o.Exposures != nil {
		list = append(list, o.Exposures.group())
	}
	if o.Incidents != nil {
		list = append(list, o.Incidents.group())
	}
	return list
}

// Gates are what a server of an office needs: there is no desk to hold, so the
// session with its two factors is what counts.
func Gates(l *api.Logins) map[api.Class]api.Gate {
	return map[api.Class]api.Gate{api.Console: l.Console}
}

// Mount puts the office's routes into a server, before it serves.
func Mount(s *api.Server, o Office) {
	for _, g := range o.groups() {
		g.routes(s)
	}
}

// Pages are the office's pages.
func Pages(o Office) web.Part {
	static, err := fs.Sub(staticFiles, "static")
	pages, err2 := fs.Sub(pageFiles, "pages")
	if err != nil || err2 != nil {
		return web.Part{} // cannot be: the folders are in the program. The site refuses it
	}
	part := web.Part{Static: static, Templates: pages}
	for _, g := range o.groups() {
		part.Pages = slices.Concat(part.Pages, g.pages)
		part.Messages = slices.Concat(part.Messages, g.messages)
		part.Styles = slices.Concat(part.Styles, g.styles)
		part.Shared = slices.Concat(part.Shared, g.shared)
		part.Scripts = slices.Concat(part.Scripts, g.scripts)
	}
	return part
}
