package dopa

import (
	"encoding/xml"
	"io"
	"net/http"
	"strings"
)

// mediaType is that of an answer in the version of the question.
func (q question) mediaType() string {
	if q.soap11 {
		return "text/xml; charset=utf-8"
	}
	return "application/soap+xml; charset=utf-8"
}

// answer writes an answer as ASP.NET does.
func (q question) answer(r reply) string {
	name := q.operation
	return q.wrap("<" + name + `Response xmlns="` + namespace + `"><` + name + "Result>" +
		"<IsError>" + escaped(r.isError) + "</IsError><ErrorMessage />" +
		"<Code>" + escaped(r.code) + "</Code><Desc>" + escaped(r.desc) + "</Desc>" +
		"</" + name + "Result></" + name + "Response>")
}

// fault writes a SOAP fault, which comes with status 500.
func (q question) fault(reason string) string {
	if q.soap11 {
		return q.wrap("<soap:Fault><faultcode>soap:Server</faultcode><faultstring>" + escaped(reason) + "</faultstring><detail /></soap:Fault>")
	}
	return q.wrap("<soap:Fault><soap:Code><soap:Value>soap:Receiver</soap:Value></soap:Code><soap:Reason><soap:Text xml:lang=\"en\">" +
		escaped(reason) + "</soap:Text></soap:Reason><soap:Detail /></soap:Fault>")
}

func (q question) wrap(body string) string {
	space := envelope12
	if q.soap11 {
		space = envelope11
	}
	return `<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="` + space + `"><soap:Body>` + body + "</soap:Body></soap:Envelope>"
}

func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a builder takes everything
	return b.String()
}

// write sends a body with its length.
func write(w http.ResponseWriter, mediaType string, status int, body string) {
	w.Header().Set("Content-Type", mediaType)
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body) // whoever asked may have gone
}
