package counter

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"chipproof/api"
	web "chipproof/api/console"
	"chipproof/proofing"
	"chipproof/proofing/proof"
	"chipproof/proofing/thaiid"
)

//go:embed static
var staticFiles embed.FS

//go:embed pages
var pageFiles embed.FS

// pagePurpose is a purpose as the pages have it.
type pagePurpose struct {
	proofing.Purpose
	Grant []string // fields that our own console may have for it
}

// FieldNames are the fields as the page's script takes them.
func (p pagePurpose) FieldNames() string { return strings.Join(p.Grant, " ") }

// Label is the title in a language.
func (p pagePurpose) Label(l api.Lang) string { return api.Text(p.Title).In(l) }

// purposes are those of the policy: all, for what an origin can be granted, and
// those that the counter itself can ask for.
func (c *Counter) purposes() (all, offered []pagePurpose) {
	grant := OwnGrant(c.policy)
	for _, p := range c.policy.Purposes {
		page := pagePurpose{Purpose: p}
		for _, f := range grant.Fields {
			if p.Allows(thaiid.Field(f)) {
				page.Grant = append(page.Grant, f)
			}
		}
		all = append(all, page)
		if slices.Contains(grant.Purposes, p.Name) && len(page.Grant) > 0 {
			offered = append(offered, page)
		}
	}
	return all, offered
}

// claims are what the counter offers to compare with the chip: whatever a citizen
// can give but the laser code, which is a secret of the card and not read here.
func claims() []string {
	return slices.DeleteFunc(slices.Clone(proof.ClaimedNames()), func(name string) bool { return name == "laser_code" })
}

// returnOrigins are the origins that have a registered return URL: the page road
// ends with a form that is posted there (agent-security §13, G10).
func (c *Counter) returnOrigins(ctx context.Context) ([]string, error) {
	listed, err := c.records.Origins(ctx)
	if err != nil {
		return nil, fmt.Errorf("list return origins: %w", err)
	}
	var targets []string
	for _, o := range listed {
		if len(o.ReturnURLs) > 0 {
			targets = append(targets, o.Origin)
		}
	}
	return targets, nil
}

// Pages are the counter's pages: the counter itself, the page road of proofs, web
// origins, and the doctor.
func Pages(c *Counter) web.Part {
	static, err := fs.Sub(staticFiles, "static")
	pages, err2 := fs.Sub(pageFiles, "pages")
	if err != nil || err2 != nil {
		return web.Part{} // cannot be: the folders are in the program. The site refuses it
	}
	var fields []string
	for _, f := range thaiid.AllFields() {
		fields = append(fields, string(f))
	}
	admin := api.Administrators()
	all, offered := c.purposes()
	texts := messages()
	for _, p := range all {
		texts = append(texts, say("purpose."+p.Name, p.Title.TH, p.Title.EN))
	}
	return web.Part{
		Static: static, Templates: pages, Messages: texts, Styles: []string{"counter.css"}, Shared: []string{"person.html"}, Desk: true,
		Pages: []web.Page{
			{
				Path: "/", Title: "counter.title", Template: "counter", Script: "counter.js", Menu: web.Front, Roles: api.Clerks(),
				Data: struct {
					Purposes []pagePurpose
					Claims   []string
				}{offered, claims()},
			},
			{Path: "/prove", Title: "prove.title", Template: "prove", Script: "prove.js", FormTargets: c.returnOrigins},
			{
				Path: "/origins", Title: "origins.title", Template: "origins", Script: "origins.js", Menu: web.Office, Roles: admin,
				Data: struct {
					Purposes []pagePurpose
					Fields   []string
				}{all, fields},
			},
			{Path: "/doctor", Title: "doctor.title", Template: "doctor", Script: "doctor.js", Menu: web.Office},
		},
	}
}
