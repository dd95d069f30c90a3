package dopa

import (
	"encoding/xml"
	"errors"
	"io"
	"mime"
	"net/http"
)

const (
	byCID   = "CheckCardByCID"
	byLaser = "CheckCardByLaser"

	namespace  = "http://tempuri.org/"
	envelope12 = "http://www.w3.org/2003/05/soap-envelope"
	envelope11 = "http://schemas.xmlsoap.org/soap/envelope/"

	maxQuestion = 16 << 10 // bytes
)

// question is what somebody asks. It holds personal data, if invented ones.
type question struct {
	soap11    bool
	operation string
	fields    map[string]string
}

// pid is the citizen number that is asked about.
func (q question) pid() string {
	if q.operation == byLaser {
		return q.fields["PID"]
	}
	return q.fields["pid"]
}

// fieldsOf are the elements of each operation, in their order and case.
func fieldsOf(operation string) []string {
	switch operation {
	case byCID:
		return []string{"ChipNo", "pid", "bp1no"}
	case byLaser:
		return []string{"PID", "FirstName", "LastName", "BirthDay", "Laser"}
	}
	return nil
}

var (
	errMedia     = errors.New("no media type of SOAP")
	errAction    = errors.New("SOAPAction is not that of the body")
	errEnvelope  = errors.New("no SOAP envelope of that version")
	errOperation = errors.New("no operation of this service")
	errFields    = errors.New("fields are not those of the operation, in their order")
)

type envelope struct {
	XMLName xml.Name
	Body    struct {
		XMLName xml.Name
		Asked   []struct {
			XMLName xml.Name
			Fields  []struct {
				XMLName xml.Name
				Text    string `xml:",chardata"`
			} `xml:",any"`
		} `xml:",any"`
	} `xml:"Body"`
}

// readQuestion takes a request as strictly as any client must write one, so that
// a client that passes here has its headers, namespaces and order right.
func readQuestion(r *http.Request) (question, error) {
	var q question
	media, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case err != nil || params["charset"] != "utf-8":
		return q, errMedia
	case media == "text/xml":
		q.soap11 = true
	case media != "application/soap+xml":
		return q, errMedia
	}
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxQuestion))
	if err != nil {
		return q, err
	}
	var e envelope
	if err := xml.Unmarshal(body, &e); err != nil {
		return q, errEnvelope
	}
	space := envelope12
	if q.soap11 {
		space = envelope11
	}
	if e.XMLName != (xml.Name{Space: space, Local: "Envelope"}) || e.Body.XMLName.Space != space || len(e.Body.Asked) != 1 {
		return q, errEnvelope
	}
	asked := e.Body.Asked[0]
	names := fieldsOf(asked.XMLName.Local)
	if names == nil || asked.XMLName.Space != namespace {
		return q, errOperation
	}
	q.operation, q.fields = asked.XMLName.Local, map[string]string{}
	if q.soap11 && r.Header.Get("SOAPAction") != `"`+namespace+q.operation+`"` {
		return q, errAction
	}
	if len(asked.Fields) != len(names) {
		return q, errFields
	}
	for i, f := range asked.Fields {
		if f.XMLName != (xml.Name{Space: namespace, Local: names[i]}) {
			return q, errFields
		}
		q.fields[names[i]] = f.Text
	}
	return q, nil
}
