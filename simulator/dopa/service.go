package dopa

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"

	"chipproof/simulator"
)

// Options say whom a service knows.
type Options struct {
	// People are those in its register.
	People []simulator.Person
	// Log is told what is asked and answered, by the people's keys; nil: nobody.
	Log *slog.Logger
}

// Service is the card-status service. It may be used by several goroutines at
// once.
type Service struct {
	people []simulator.Person
	log    *slog.Logger

	mu     sync.Mutex
	states map[string]State // by citizen number; those not in it are normal
	delay  time.Duration
	plan   []planned
	asked  int
}

// planned is a fault of the plan in place.
type planned struct {
	Fault
	seen int // questions since the plan was put in place
	done int // how often it happened
}

// New makes a service that answers everybody in its register with normal. It
// returns an error when two people have one citizen number.
func New(o Options) (*Service, error) {
	s := &Service{people: o.People, log: o.Log, states: map[string]State{}}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	keys := map[string]string{}
	for _, p := range o.People {
		if first, twice := keys[p.CitizenID]; twice {
			return nil, fmt.Errorf("make register: %q and %q have the same number", first, p.Key)
		}
		keys[p.CitizenID] = p.Key
	}
	return s, nil
}

// SetState says what the service knows of a card, by its holder's key or citizen
// number. A number of nobody in the register is answered by its state alone,
// whatever else is asked. It returns [simulator.ErrPersonUnknown] and
// [ErrStateUnknown].
func (s *Service) SetState(who string, state State) error {
	if _, err := ParseState(string(state)); err != nil {
		return err
	}
	number, err := s.number(who)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.states[number] = state
	return nil
}

// SetDelay makes every answer later by that much.
func (s *Service) SetDelay(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.delay = d
}

// SetPlan says what goes wrong from now on, instead of what was said before. It
// returns [simulator.ErrPersonUnknown].
func (s *Service) SetPlan(p Plan) error {
	plan := make([]planned, len(p))
	for i, f := range p {
		if f.Person != "" {
			number, err := s.number(f.Person)
			if err != nil {
				return fmt.Errorf("fault %d: %w", i+1, err)
			}
			f.Person = number
		}
		plan[i] = planned{Fault: f}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.plan = plan
	return nil
}

// Asked is how many questions came that could be read.
func (s *Service) Asked() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked
}

var isCitizenNumber = regexp.MustCompile(`^[0-9]{13}$`)

// number is the citizen number of whoever is called so.
func (s *Service) number(who string) (string, error) {
	if isCitizenNumber.MatchString(who) {
		return who, nil
	}
	for _, p := range s.people {
		if p.Key == who {
			return p.CitizenID, nil
		}
	}
	return "", fmt.Errorf("find person: %w: %.40q", simulator.ErrPersonUnknown, who)
}

// person is whoever has that number, if anybody has.
func (s *Service) person(number string) (simulator.Person, bool) {
	for _, p := range s.people {
		if p.CitizenID == number {
			return p, true
		}
	}
	return simulator.Person{}, false
}

// ServeHTTP answers a POST of either operation at any path; a path's case doesn't
// matter to the real service either.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "POST only: an address would keep the person in every log", http.StatusMethodNotAllowed)
		return
	}
	q, err := readQuestion(r)
	if err != nil {
		s.log.Info("question refused", "cause", err)
		write(w, q.mediaType(), http.StatusInternalServerError, q.fault("Server was unable to read request. ---> "+err.Error()))
		return
	}
	about := "nobody known"
	if p, known := s.person(q.pid()); known {
		about = p.Key
	}
	wait, faults := s.due(q)
	s.log.Info("question", "operation", q.operation, "person", about, "faults", names(faults))
	if !pass(r.Context(), wait) {
		return
	}
	for _, f := range faults {
		if done := s.perform(w, r, q, f); done {
			return
		}
	}
	write(w, q.mediaType(), http.StatusOK, q.answer(s.reply(q)))
}

// due counts a question and takes the faults that are its own: delays, and the
// first that is none.
func (s *Service) due(q question) (time.Duration, []Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	var due []Fault
	answered := false
	for i := range s.plan {
		f := &s.plan[i]
		f.seen++
		if f.seen < f.From || f.Until == "" && f.done >= max(f.Times, 1) ||
			f.Person != "" && f.Person != q.pid() || f.Operation != "" && f.Operation != q.operation {
			continue
		}
		if f.Act != ActDelay {
			if answered {
				continue // waits for the next question
			}
			answered = true
		}
		f.done++
		due = append(due, f.Fault)
	}
	return s.delay, due
}

// reply is what the register says.
func (s *Service) reply(q question) reply {
	s.mu.Lock()
	state, set := s.states[q.pid()]
	s.mu.Unlock()
	for _, name := range fieldsOf(q.operation) {
		if strings.TrimSpace(q.fields[name]) == "" {
			return replyTo(Incomplete, q.operation)
		}
	}
	p, known := s.person(q.pid())
	switch {
	case set && (!known || state != Normal):
		return replyTo(state, q.operation)
	case !known:
		return replyTo(NotFound, q.operation)
	case q.operation == byLaser && q.fields["Laser"] != p.LaserCode:
		return replyTo(NotFound, q.operation)
	case !sameCard(q, p):
		return different()
	}
	return replyTo(Normal, q.operation)
}

// sameCard compares what was sent with what the register has.
func sameCard(q question, p simulator.Person) bool {
	if q.operation == byLaser {
		return q.fields["FirstName"] == p.Name.TH.First && q.fields["LastName"] == p.Name.TH.Last &&
			q.fields["BirthDay"] == p.BirthDate
	}
	request, _, _ := strings.Cut(p.Card.RequestNumber, "/")
	return q.fields["ChipNo"] == p.Chip.Number && q.fields["bp1no"] == strings.TrimSpace(request)
}

func names(faults []Fault) []string {
	var names []string
	for _, f := range faults {
		names = append(names, string(f.Act))
	}
	return names
}

// pass waits, and says whether whoever asks is still there then.
func pass(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
