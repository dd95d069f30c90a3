package corpus

import (
	"strings"

	"chipproof/exposure/detect"
)

// Planted is what a document holds, normalised as package detect does.
type Planted struct {
	Class detect.Class
	Value string
}

// Document is a file and what is in it.
type Document struct {
	Name     string
	Format   string // text, csv, …
	Encoding string // utf-8, utf-16le, tis-620; empty where there is no choice
	Content  []byte
	Planted  []Planted
}

// Generator makes documents; the same seed gives the same ones.
type Generator struct {
	random  random
	planted []Planted
}

// New makes a generator.
func New(seed uint64) *Generator { return &Generator{random: random{state: seed}} }

func (g *Generator) plant(c detect.Class, value string) {
	g.planted = append(g.planted, Planted{c, value})
}

func (g *Generator) plantNumber(p Person)  { g.plant(detect.CitizenID, p.Number) }
func (g *Generator) plantName(p Person)    { g.plant(detect.Name, detect.NormalName(p.First+p.Last)) }
func (g *Generator) plantPhone(p Person)   { g.plant(detect.Phone, p.Phone) }
func (g *Generator) plantEmail(p Person)   { g.plant(detect.Email, strings.ToLower(p.Email)) }
func (g *Generator) plantLaser(p Person)   { g.plant(detect.LaserCode, p.Laser) }
func (g *Generator) plantAccount(p Person) { g.plant(detect.BankAccount, p.Account) }
func (g *Generator) plantBirth(p Person)   { g.plant(detect.BirthDate, p.Birth.Format("2006-01-02")) }
func (g *Generator) plantHN(p Person)      { g.plant(detect.Health, p.HN) }

func (g *Generator) plantPassport(p Person) { g.plant(detect.Passport, p.Passport) }

func (g *Generator) plantAddress(written string) {
	g.plant(detect.Address, detect.NormalAddress(written))
}

// Combination is a format and an encoding.
type Combination struct{ Format, Encoding string }

// Matrix is every format in every encoding that it comes in.
func Matrix() []Combination {
	var m []Combination
	for _, f := range []string{"text", "csv", "tsv", "html", "xml"} {
		for _, e := range []string{"utf-8", "utf-16le", "tis-620"} {
			m = append(m, Combination{f, e})
		}
	}
	for _, f := range []string{"json", "ndjson"} {
		m = append(m, Combination{f, "utf-8"}, Combination{f, "utf-16le"})
	}
	for _, f := range []string{"xlsx", "docx", "pdf", "zip"} {
		m = append(m, Combination{f, ""})
	}
	return m
}

// Document makes one file of a combination, with about twenty people in it.
// The error is that of a library that writes a format.
func (g *Generator) Document(c Combination) (Document, error) {
	g.planted = nil
	people := g.random.between(12, 24)
	d := Document{Name: "document." + extension(c.Format), Format: c.Format, Encoding: c.Encoding}
	var err error
	switch c.Format {
	case "text":
		d.Content, err = encode(g.prose(people), c.Encoding)
	case "csv":
		d.Content, err = encode(separated(g.table(people), ","), c.Encoding)
	case "tsv":
		d.Content, err = encode(separated(g.table(people), "\t"), c.Encoding)
	case "html":
		d.Content, err = encode(g.html(people), c.Encoding)
	case "xml":
		d.Content, err = encode(g.xml(people, c.Encoding), c.Encoding)
	case "json":
		d.Content, err = encode(g.json(people), c.Encoding)
	case "ndjson":
		d.Content, err = encode(g.ndjson(people), c.Encoding)
	case "xlsx":
		d.Content, err = spreadsheet(g.table(people))
	case "docx":
		d.Content, err = g.docx(people)
	case "pdf":
		d.Content = PDF(strings.Split(strings.ReplaceAll(g.prose(people), "\u200b", ""), "\n"))
	case "zip":
		d.Content, err = g.zip(people)
	}
	d.Planted = g.planted
	return d, err
}

func extension(format string) string {
	if format == "text" {
		return "txt"
	}
	return format
}
