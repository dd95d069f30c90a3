package simulator

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// maxControlBody bounds the body of a request, in bytes.
const maxControlBody = 64 << 10

// Control gives the hands of m to the tests of a web developer, over HTTP:
//
//	GET  /readers                       the readers and what lies in them
//	GET  /people                        the shipped people
//	POST /insert {"reader","person"}    lay in a card; person is a name, or a person as an object, or "mute"
//	POST /swap   {"reader","person"}    put another card under an open connection
//	POST /fault  {"reader","plan"}      let things go wrong; plan is a list, see FAULTS.md, [] clears it
//	POST /remove /reset {"reader"}      take the card out; reset it as another program would
//	POST /plug   /unplug {"reader"}     plug and unplug a reader
//	POST /stop   /start /deny {}        stop and start the reader service, let it refuse this account
//
// `reader` may be left out where there is one only. A POST that worked answers
// 200 with the readers as they are then; what did not work answers with
// {"status","code","detail"} as application/problem+json.
//
// It must be served on loopback, and takes nothing that a web page could send:
// the Host must be the address it was called at, there may be no Origin and no
// Sec-Fetch header, and a body is application/json.
func Control(m *Machine) http.Handler { return control{m} }

type control struct{ machine *Machine }

// request is the body of every POST; each takes what it needs.
type request struct {
	Reader string         `json:"reader"`
	Person jsontext.Value `json:"person"`
	Plan   jsontext.Value `json:"plan"`
}

// route is one POST: which members it takes, and what it does.
type route struct {
	path    string
	members []string
	do      func(m *Machine, r request) error
}

func routes() []route {
	return []route{
		{"/deny", nil, func(m *Machine, _ request) error { m.DenyService(); return nil }},
		{"/fault", []string{"reader", "plan"}, postFault},
		{"/insert", []string{"reader", "person"}, postInsert},
		{"/plug", []string{"reader"}, func(m *Machine, r request) error { return m.Plug(r.Reader) }},
		{"/remove", []string{"reader"}, func(m *Machine, r request) error { return m.Remove(r.Reader) }},
		{"/reset", []string{"reader"}, func(m *Machine, r request) error { return m.Reset(r.Reader) }},
		{"/start", nil, func(m *Machine, _ request) error { m.StartService(); return nil }},
		{"/stop", nil, func(m *Machine, _ request) error { m.StopService(); return nil }},
		{"/swap", []string{"reader", "person"}, postSwap},
		{"/unplug", []string{"reader"}, func(m *Machine, r request) error { return m.Unplug(r.Reader) }},
	}
}

// ServeHTTP guards, then routes.
func (c control) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if refused := guard(r); refused != nil {
		refused.write(w)
		return
	}
	all := routes()
	at := slices.IndexFunc(all, func(rt route) bool { return rt.path == r.URL.Path })
	switch {
	case r.URL.Path == "/readers" && r.Method == http.MethodGet:
		writeJSON(w, http.StatusOK, c.readers())
	case r.URL.Path == "/people" && r.Method == http.MethodGet:
		writeJSON(w, http.StatusOK, people())
	case r.URL.Path == "/readers" || r.URL.Path == "/people":
		w.Header().Set("Allow", http.MethodGet)
		problem{http.StatusMethodNotAllowed, "method_refused", "GET is the method here"}.write(w)
	case at < 0:
		problem{http.StatusNotFound, "not_found", "no such route"}.write(w)
	case r.Method != http.MethodPost:
		w.Header().Set("Allow", http.MethodPost)
		problem{http.StatusMethodNotAllowed, "method_refused", "POST is the method here"}.write(w)
	default:
		c.post(w, r, all[at])
	}
}

func (c control) post(w http.ResponseWriter, r *http.Request, rt route) {
	body, refused := c.body(w, r, rt)
	if refused != nil {
		refused.write(w)
		return
	}
	if err := rt.do(c.machine, body); err != nil {
		problemOf(err).write(w)
		return
	}
	writeJSON(w, http.StatusOK, c.readers())
}

func postFault(m *Machine, r request) error {
	if err := r.Plan.Compact(); err != nil { // without tabs, JSON is YAML
		return fmt.Errorf("%w: %w", ErrPlanInvalid, err)
	}
	plan, err := ParsePlan(r.Plan)
	if err != nil {
		return err
	}
	return m.Faults(r.Reader, plan)
}

func postInsert(m *Machine, r request) error {
	if string(r.Person) == `"mute"` {
		return m.InsertMute(r.Reader)
	}
	card, err := m.cardOf(r.Person)
	if err != nil {
		return err
	}
	return m.Insert(r.Reader, card)
}

func postSwap(m *Machine, r request) error {
	card, err := m.cardOf(r.Person)
	if err != nil {
		return err
	}
	return m.Swap(r.Reader, card)
}

// cardOf is the card of a person who is named, or described as in people/.
func (m *Machine) cardOf(person jsontext.Value) (*Card, error) {
	if person.Kind() == '{' {
		if err := person.Compact(); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrPersonInvalid, err)
		}
		p, err := ParsePerson(person)
		if err != nil {
			return nil, err
		}
		return m.newCard(p)
	}
	var name string
	if err := json.Unmarshal(person, &name); err != nil {
		return nil, fmt.Errorf("%w: a name, or an object", ErrPersonInvalid)
	}
	p, err := PersonNamed(name)
	if err != nil {
		return nil, err
	}
	return m.newCard(p)
}
