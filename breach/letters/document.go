package letters

import (
	"fmt"
	"html"
	"strings"
)

// Document is one finished document. It may name a person and so hides itself
// when printed; its methods give it out.
type Document struct {
	Kind Kind
	body hidden[content]
}

type content struct {
	title string
	root  *node
	shell *Shell
}

// Title is what the document is about, for a list of documents.
func (d Document) Title() string { return d.body.reveal().title }

// Text is the document as plain text, one paragraph a line.
func (d Document) Text() string {
	if root := d.body.reveal().root; root != nil {
		return root.plainText()
	}
	return ""
}

// style is the look of an official letter: A4, Sarabun 16 points, the margins of
// the rules for correspondence (สารบรรณ): 3 cm left, 2 cm right.
const style = `@page{size:A4;margin:2.5cm 2cm 2cm 3cm}
body{font-family:Sarabun,"TH Sarabun New","TH SarabunPSK",sans-serif;font-size:16pt;line-height:1.35;margin:0 auto;max-width:16cm;color:#000;background:#fff}
p{margin:0 0 6pt}h1{font-size:18pt;text-align:center;margin:0 0 12pt}h2{font-size:16pt;margin:12pt 0 6pt}
.center{text-align:center}.right{text-align:right}.sign{margin-left:8cm;text-align:center}.indent{text-indent:2.5cm}
.break{break-before:page}ol,ul{margin:0 0 6pt;padding-left:1.2cm}
.thai{list-style-type:thai}table{border-collapse:collapse;width:100%}td{vertical-align:top;padding:0}.plain{white-space:nowrap}.grid th,.grid td{border:1px solid #000;padding:2pt 6pt;vertical-align:top;text-align:left}`

// Style is the style sheet of a document's page, for whoever shows its
// [Document.Fragment] inside a page of its own.
func Style() string { return style }

// Fragment is the document as HTML without a page around it. It has neither
// scripts nor links nor pictures.
func (d Document) Fragment() string {
	var b strings.Builder
	if root := d.body.reveal().root; root != nil {
		for _, n := range root.children {
			writeHTML(&b, n, d.body.reveal().thai())
		}
	}
	return b.String()
}

// HTML is the document as a page for print.
func (d Document) HTML() []byte {
	return fmt.Appendf(nil, "<!doctype html>\n<html lang=\"th\">\n<head>\n<meta charset=\"utf-8\">\n<title>%s</title>\n<style>\n%s\n</style>\n</head>\n<body>\n%s</body>\n</html>\n",
		html.EscapeString(d.Title()), style, d.Fragment())
}

// thai says that the numbers of lists are Thai.
func (c content) thai() bool { return c.root != nil && c.root.class == thaiNumbers }

// thaiNumbers marks the root of a document with Thai digits.
const thaiNumbers = "thai"

func writeHTML(b *strings.Builder, n *node, thai bool) {
	switch {
	case n.tag == "":
		b.WriteString(html.EscapeString(n.text))
		return
	case n.tag == "br":
		b.WriteString("<br>")
		return
	}
	class := n.class
	if n.tag == "ol" && thai {
		class = strings.TrimSpace(class + " " + thaiNumbers)
	}
	b.WriteString("<" + n.tag)
	if class != "" {
		b.WriteString(` class="` + class + `"`)
	}
	b.WriteString(">")
	for _, child := range n.children {
		writeHTML(b, child, thai)
	}
	b.WriteString("</" + n.tag + ">")
}
