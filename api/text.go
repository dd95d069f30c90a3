package api

import "golang.org/x/text/language"

// Text says one thing in both languages of the product.
type Text struct{ TH, EN string }

// In is the text in a language.
func (t Text) In(l Lang) string {
	if l == English {
		return t.EN
	}
	return t.TH
}

// Lang is a language that answers can be given in.
type Lang string

// Thai comes first: it is what everyone gets who asks for neither.
const (
	Thai    Lang = "th"
	English Lang = "en"
)

// maxAcceptLanguage bounds what is parsed of a header that anybody can send, in bytes.
const maxAcceptLanguage = 256

var languages = language.NewMatcher([]language.Tag{language.Thai, language.English})

// LangOf picks the language by the value of an Accept-Language header.
func LangOf(acceptLanguage string) Lang {
	if acceptLanguage == "" || len(acceptLanguage) > maxAcceptLanguage {
		return Thai
	}
	tags, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil {
		return Thai
	}
	if _, index, _ := languages.Match(tags...); index == 1 {
		return English
	}
	return Thai
}
