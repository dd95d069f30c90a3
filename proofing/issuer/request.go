package issuer

import (
	"bytes"
	"encoding/xml"
	"fmt"
)

// The names that SOAP messages are made of.
const (
	namespace   = "http://tempuri.org/"
	envelope12  = "http://www.w3.org/2003/05/soap-envelope"
	envelope11  = "http://schemas.xmlsoap.org/soap/envelope/"
	mediaType12 = "application/soap+xml"
	mediaType11 = "text/xml"
)

// Version is the version of SOAP that is spoken. Both work for others
// (thai-id-card §11).
type Version string

// The versions.
const (
	Version11 Version = "1.1"
	Version12 Version = "1.2"
)

// ParseVersion takes 1.1 or 1.2; anything else is [ErrConfig].
func ParseVersion(s string) (Version, error) {
	switch v := Version(s); v {
	case Version11, Version12:
		return v, nil
	}
	return "", fmt.Errorf("read version of SOAP: %w: 1.1 or 1.2", ErrConfig)
}

// headers are those of a request in this version.
func (v Version) headers(operation string) map[string]string {
	if v == Version11 {
		return map[string]string{
			"Content-Type": mediaType11 + "; charset=utf-8",
			"Accept":       mediaType11,
			"SOAPAction":   `"` + namespace + operation + `"`,
		}
	}
	return map[string]string{"Content-Type": mediaType12 + "; charset=utf-8", "Accept": mediaType12}
}

func (v Version) envelope() string {
	if v == Version11 {
		return envelope11
	}
	return envelope12
}

// request writes a question as the service wants it, byte for byte as in the
// example of thai-id-card §11.
func (q question) request(v Version) []byte {
	var b bytes.Buffer
	b.WriteString("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n")
	fmt.Fprintf(&b, "<s:Envelope xmlns:s=%q><s:Body>\n", v.envelope())
	fmt.Fprintf(&b, "  <%s xmlns=%q>\n    ", q.operation, namespace)
	for _, f := range q.fields {
		b.WriteString("<" + f.name + ">")
		_ = xml.EscapeText(&b, []byte(f.value)) // a buffer takes everything
		b.WriteString("</" + f.name + ">")
	}
	fmt.Fprintf(&b, "\n  </%s>\n</s:Body></s:Envelope>\n", q.operation)
	return b.Bytes()
}
