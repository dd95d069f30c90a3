package console

import (
	"context"
	"io/fs"

	"chipproof/mfa"
)

// Part is what one package adds to the site.
type Part struct {
	// Pages are registered, and those with a Menu stand in it in this order.
	Pages []Page
	// Templates holds the bodies of the pages, one file each: <template>.html.
	Templates fs.FS
	// Shared are files of Templates that several of these pages use.
	Shared []string
	// Static holds the files that pages load, without folders. Names must be of no
	// other part.
	Static fs.FS
	// Styles are static files that every page loads behind console.css.
	Styles []string
	// Scripts are static modules that every page loads behind its own.
	Scripts []string
	// Desk says that its people hold a desk one after the other, so that the door
	// offers to take it over.
	Desk bool
	// Messages are the texts of pages and scripts.
	Messages []Message
}

// Page is one shell.
type Page struct {
	// Path is its address, /account, or that of many: /scans/{id}. A part that
	// differs names a thing and no person.
	Path string
	// Title is the key of its title, Template the name of its body, and Script the
	// static file of its module.
	Title, Template, Script string
	// Menu says where it stands in the menu.
	Menu Menu
	// Roles are who is shown it in the menu; nobody named: everybody. What a person
	// may do is decided by the routes that it asks, and not here.
	Roles []mfa.Role
	// FormTargets are origins that a form of this page may be posted to, besides our
	// own: those of registered return URLs, on /prove (agent-security §13, G10). Nil
	// everywhere else. It is asked at each request.
	FormTargets func(context.Context) ([]string, error)
	// Data is handed to the template as .Data: configuration, never a person.
	Data any
}

// Menu is a place in the menu.
type Menu string

const (
	// Nowhere: reached by a link, or by whoever knows its address.
	Nowhere Menu = ""
	// Front: beside the name of the program.
	Front Menu = "front"
	// Office: below "administration".
	Office Menu = "office"
)
