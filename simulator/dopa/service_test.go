package dopa

import (
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/simulator"
)

// The example of thai-id-card §11, with the default person's numbers.
const example = `<?xml version="1.0" encoding="utf-8"?>
<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>
  <CheckCardByCID xmlns="http://tempuri.org/">
    <ChipNo>0123456789abcdef</ChipNo><pid>1101700230708</pid><bp1no>76030000001</bp1no>
  </CheckCardByCID>
</s:Body></s:Envelope>`

const exampleLaser = `<?xml version="1.0" encoding="utf-8"?>
<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>
  <CheckCardByLaser xmlns="http://tempuri.org/"><PID>1101700230708</PID><FirstName>สมชาย</FirstName><LastName>ใจดี</LastName><BirthDay>25251231</BirthDay><Laser>JT1234567890</Laser></CheckCardByLaser>
</s:Body></s:Envelope>`

func newService(tb testing.TB) *Service {
	tb.Helper()
	s, err := New(Options{People: simulator.People()})
	require.NoError(tb, err)
	return s
}

// post asks in SOAP 1.2.
func post(h http.Handler, body string) *httptest.ResponseRecorder {
	return send(h, body, map[string]string{"Content-Type": "application/soap+xml; charset=utf-8"})
}

func send(h http.Handler, body string, headers map[string]string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/CheckCardStatus/CheckCardService.asmx", strings.NewReader(body))
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// member is what an element of an answer says.
func member(answer, name string) string {
	m := regexp.MustCompile("<" + name + ">([^<]*)</" + name + ">").FindStringSubmatch(answer)
	if m == nil {
		return "missing"
	}
	return m[1]
}

func TestANormalCardIsAnsweredAsTheSharedPageShows(t *testing.T) {
	w := post(newService(t), example)
	assert.Equal(t, http.StatusOK, w.Code)
	assert.Equal(t, "application/soap+xml; charset=utf-8", w.Header().Get("Content-Type"))
	assert.Equal(t, `<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope"><soap:Body>`+
		`<CheckCardByCIDResponse xmlns="http://tempuri.org/"><CheckCardByCIDResult><IsError>false</IsError><ErrorMessage /><Code>0</Code><Desc>สถานะปกติ</Desc></CheckCardByCIDResult></CheckCardByCIDResponse>`+
		`</soap:Body></soap:Envelope>`, w.Body.String())
}

func TestSOAP11IsAnsweredInSOAP11(t *testing.T) {
	old := strings.Replace(example, envelope12, envelope11, 1)
	headers := map[string]string{"Content-Type": "text/xml; charset=utf-8", "SOAPAction": `"http://tempuri.org/CheckCardByCID"`}
	w := send(newService(t), old, headers)
	assert.Equal(t, http.StatusOK, w.Code)
	assert.Equal(t, "text/xml; charset=utf-8", w.Header().Get("Content-Type"))
	assert.Contains(t, w.Body.String(), envelope11)
	assert.Equal(t, "0", member(w.Body.String(), "Code"))
}

func TestWhatIsSentIsComparedWithTheRegister(t *testing.T) {
	s := newService(t)
	for change, want := range map[[2]string][3]string{
		{"", ""}:                                    {"false", "0", "สถานะปกติ"},
		{"0123456789abcdef", "fedcba9876543210"}:    {"true", "4", "สถานะไม่ปกติ =&gt; ข้อมูลไม่ตรง"},
		{"76030000001", "76030000002"}:              {"true", "4", "สถานะไม่ปกติ =&gt; ข้อมูลไม่ตรง"},
		{"1101700230708", "1101700230709"}:          {"true", "4", "สถานะไม่ปกติ =&gt; ข้อมูลไม่ตรง"}, // wrong-check-digit, another card
		{"1101700230708", "1111111111111"}:          {"true", "4", "สถานะไม่ปกติ =&gt; ไม่พบข้อมูล"},
		{"<bp1no>76030000001", "<bp1no>"}:           {"true", "5", "ข้อมูลที่ใช้ในการตรวจสอบไม่ครบ"},
		{"<ChipNo>0123456789abcdef", "<ChipNo>   "}: {"true", "5", "ข้อมูลที่ใช้ในการตรวจสอบไม่ครบ"},
	} {
		answer := post(s, strings.Replace(example, change[0], change[1], 1)).Body.String()
		assert.Equal(t, want, [3]string{member(answer, "IsError"), member(answer, "Code"), member(answer, "Desc")}, change)
	}
	for change, want := range map[[2]string]string{
		{"", ""}:                         "0",
		{"JT1234567890", "JT1234567891"}: "4",
		{"สมชาย", "สมหมาย"}:      "4",
		{"25251231", "25251230"}: "4",
		{"ใจดี", ""}:             "5",
	} {
		answer := post(s, strings.Replace(exampleLaser, change[0], change[1], 1)).Body.String()
		assert.Equal(t, want, member(answer, "Code"), change)
	}
	assert.Equal(t, 12, s.Asked())
}

func TestEveryStateHasItsAnswerForBothOperations(t *testing.T) {
	s := newService(t)
	for state, code := range map[State]string{Normal: "0", Moved: "2", Lost: "1", Cancelled: "3", NotFound: "4", Incomplete: "5"} {
		require.NoError(t, s.SetState("default", state))
		for _, body := range []string{example, exampleLaser} {
			answer := post(s, body).Body.String()
			assert.Equal(t, code, member(answer, "Code"), state)
			assert.Equal(t, state != Normal, member(answer, "IsError") == "true", state)
			assert.NotEmpty(t, member(answer, "Desc"), state)
		}
	}
	assert.Len(t, States(), 6, "all of them")
}

func TestAStateIsSetByNameOrByNumberAndOfStrangersToo(t *testing.T) {
	s := newService(t)
	require.NoError(t, s.SetState("1101700230708", Moved))
	assert.Equal(t, "2", member(post(s, example).Body.String(), "Code"))
	require.NoError(t, s.SetState("default", Normal))
	assert.Equal(t, "0", member(post(s, example).Body.String(), "Code"))

	stranger := strings.Replace(example, "1101700230708", "1111111111111", 1)
	require.NoError(t, s.SetState("1111111111111", Normal))
	assert.Equal(t, "0", member(post(s, stranger).Body.String(), "Code"))

	require.ErrorIs(t, s.SetState("nobody", Normal), simulator.ErrPersonUnknown)
	require.ErrorIs(t, s.SetState("default", "dead"), ErrStateUnknown)
	_, err := New(Options{People: append(simulator.People(), simulator.People()[0])})
	require.Error(t, err, "one number, two people")
}

func TestAClientThatAsksWronglyIsTold(t *testing.T) {
	s := newService(t)
	headers12 := map[string]string{"Content-Type": "application/soap+xml; charset=utf-8"}
	headers11 := map[string]string{"Content-Type": "text/xml; charset=utf-8", "SOAPAction": `"http://tempuri.org/CheckCardByCID"`}
	for name, row := range map[string]struct {
		body    string
		headers map[string]string
		why     error
	}{
		"no media type":       {example, nil, errMedia},
		"form":                {example, map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, errMedia},
		"no charset":          {example, map[string]string{"Content-Type": "application/soap+xml"}, errMedia},
		"1.2 in 1.1":          {example, headers11, errEnvelope},
		"1.1 in 1.2":          {strings.Replace(example, envelope12, envelope11, 1), headers12, errEnvelope},
		"no action":           {strings.Replace(example, envelope12, envelope11, 1), map[string]string{"Content-Type": "text/xml; charset=utf-8"}, errAction},
		"no XML":              {"x", headers12, errEnvelope},
		"another operation":   {strings.ReplaceAll(example, "CheckCardByCID", "CheckCard"), headers12, errOperation},
		"another namespace":   {strings.Replace(example, "http://tempuri.org/", "urn:x", 1), headers12, errOperation},
		"a field too few":     {strings.Replace(example, "<bp1no>76030000001</bp1no>", "", 1), headers12, errFields},
		"a field of another":  {strings.ReplaceAll(example, "pid>", "PID>"), headers12, errFields},
		"fields out of order": {strings.Replace(example, "<ChipNo>0123456789abcdef</ChipNo><pid>1101700230708</pid>", "<pid>1101700230708</pid><ChipNo>0123456789abcdef</ChipNo>", 1), headers12, errFields},
	} {
		w := send(s, row.body, row.headers)
		assert.Equal(t, http.StatusInternalServerError, w.Code, name)
		assert.Contains(t, w.Body.String(), row.why.Error(), name)
		assert.Contains(t, w.Body.String(), "Fault>", name)
	}
	assert.Zero(t, s.Asked())

	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/CheckCardByLaser?PID=1", nil))
	assert.Equal(t, http.StatusMethodNotAllowed, w.Code)
	assert.Equal(t, "POST", w.Header().Get("Allow"))
	w = post(s, strings.Repeat(" ", maxQuestion)+example)
	assert.Equal(t, http.StatusInternalServerError, w.Code)
}

func TestTheLogNamesPeopleByTheirKeys(t *testing.T) {
	var log bytes.Buffer
	s, err := New(Options{People: simulator.People(), Log: slog.New(slog.NewTextHandler(&log, nil))})
	require.NoError(t, err)
	post(s, example)
	post(s, strings.Replace(example, "1101700230708", "1111111111111", 1))
	post(s, "1101700230708")
	assert.Contains(t, log.String(), "person=default")
	assert.Contains(t, log.String(), `person="nobody known"`)
	assert.NotRegexp(t, "1101700230708|1111111111111|0123456789abcdef", log.String())
}

// served is a service over TLS on loopback, and a client that trusts it.
func served(t *testing.T, s *Service, who Clients) (*http.Client, string, *Authority) {
	t.Helper()
	a, err := NewAuthority(time.Now())
	require.NoError(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, listener, a, who) }()
	t.Cleanup(func() {
		stop()
		require.NoError(t, <-done)
	})
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: a.Pool()}, DisableKeepAlives: true}
	return &http.Client{Transport: transport}, "https://" + listener.Addr().String() + "/x", a
}

func TestItIsServedOverTLSWithItsOwnAuthority(t *testing.T) {
	client, url, _ := served(t, newService(t), AnyClient)
	for _, name := range []string{url, strings.Replace(url, "127.0.0.1", "localhost", 1)} {
		response, err := client.Post(name, "application/soap+xml; charset=utf-8", strings.NewReader(example))
		require.NoError(t, err)
		body, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		assert.Equal(t, "0", member(string(body), "Code"))
		assert.Equal(t, 1, response.ProtoMajor, "faults take the connection, which HTTP/2 has none of")
	}
	_, err := http.DefaultClient.Post(url, "application/soap+xml", strings.NewReader(example))
	require.Error(t, err, "nobody trusts it unasked")
}

func TestWithKnownClientsOnlyWhoeverShowsACertificateIsAnswered(t *testing.T) {
	client, url, a := served(t, newService(t), KnownClients)
	_, err := client.Post(url, "application/soap+xml; charset=utf-8", strings.NewReader(example))
	require.Error(t, err)
	certificate, key, err := a.IssueClient(time.Now().Add(-time.Minute), time.Now().Add(time.Hour))
	require.NoError(t, err)
	pair, err := tls.X509KeyPair(certificate, key)
	require.NoError(t, err)
	client.Transport.(*http.Transport).TLSClientConfig.Certificates = []tls.Certificate{pair}
	response, err := client.Post(url, "application/soap+xml; charset=utf-8", strings.NewReader(example))
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	assert.Equal(t, http.StatusOK, response.StatusCode)
}
