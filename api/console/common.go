package console

import (
	"embed"
	"io/fs"

	"chipproof/api"
	"chipproof/audit"
	"chipproof/mfa"
)

//go:embed static
var staticFiles embed.FS

//go:embed pages
var pageFiles embed.FS

// Common is what both programs have: layout, login, one's own account, the
// enrolment of a grant, staff, keys and the audit log.
func Common() Part {
	static, err := fs.Sub(staticFiles, "static")
	pages, err2 := fs.Sub(pageFiles, "pages")
	if err != nil || err2 != nil {
		return Part{} // cannot be: the folders are in the program. New refuses it
	}
	var classes []string
	for _, c := range audit.Classes() {
		classes = append(classes, string(c))
	}
	admin := api.Administrators()
	return Part{
		Static: static, Templates: pages, Messages: messages(),
		Pages: []Page{
			{Path: "/account", Title: "account.title", Template: "account", Script: "account.js", Menu: Front},
			{Path: "/enrol", Title: "enrol.title", Template: "enrol", Script: "enrol.js"},
			{Path: "/staff", Title: "staff.title", Template: "staff", Script: "staff.js", Menu: Office, Roles: admin},
			{Path: "/keys", Title: "keys.title", Template: "keys", Script: "keys.js", Menu: Office, Roles: admin},
			{
				Path: "/audit", Title: "audit.title", Template: "audit", Script: "audit.js", Menu: Office,
				Roles: []mfa.Role{mfa.RoleAdmin, mfa.RoleDPO}, Data: classes,
			},
		},
	}
}
