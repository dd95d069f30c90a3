package simulator

import (
	"errors"
	"net/http"

	"chipproof/cardreader"

	"github.com/go-json-experiment/json"
)

// readerView is a reader in answers.
type readerView struct {
	Reader  string `json:"reader"`
	Card    string `json:"card"`
	Person  string `json:"person,omitempty"`
	Counter uint16 `json:"counter"`
	Faults  int    `json:"faults"`
}

func (c control) readers() []readerView {
	views := []readerView{}
	for _, v := range c.machine.Readers() {
		views = append(views, readerView{v.Reader, v.Card.String(), v.Person, v.Counter, v.Faults})
	}
	return views
}

// personView is a shipped person in answers.
type personView struct {
	Person string `json:"person"`
	About  string `json:"about"`
}

func people() []personView {
	views := []personView{}
	for _, p := range People() {
		views = append(views, personView{p.Key, p.About})
	}
	return views
}

// problem is a refusal as this handler tells it. Its codes are the public ones
// where there is one; it has words of its own because the program's table knows
// no simulator.
type problem struct {
	Status int    `json:"status"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

// problemOf finds the code for what a machine refused.
func problemOf(err error) *problem {
	for _, row := range []struct {
		cause  error
		status int
		code   string
	}{
		{cardreader.ErrReaderNotFound, http.StatusConflict, "reader_not_found"},
		{cardreader.ErrCardAbsent, http.StatusConflict, "card_absent"},
		{ErrReaderOccupied, http.StatusConflict, "reader_occupied"},
		{ErrReaderExists, http.StatusConflict, "reader_exists"},
		{ErrPlanInvalid, http.StatusUnprocessableEntity, "plan_invalid"}, // which may name an unknown person
		{ErrPersonUnknown, http.StatusUnprocessableEntity, "person_unknown"},
		{ErrPersonInvalid, http.StatusUnprocessableEntity, "person_invalid"},
	} {
		if errors.Is(err, row.cause) {
			return &problem{row.status, row.code, err.Error()}
		}
	}
	return &problem{http.StatusInternalServerError, "internal_error", "the simulator failed"}
}

func (p problem) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/problem+json")
	writeBody(w, p.Status, p)
}

func writeJSON[T any](w http.ResponseWriter, status int, body T) {
	w.Header().Set("Content-Type", "application/json")
	writeBody(w, status, body)
}

func writeBody[T any](w http.ResponseWriter, status int, body T) {
	encoded, err := json.Marshal(body, json.Deterministic(true))
	if err != nil {
		http.Error(w, "the simulator failed", http.StatusInternalServerError)
		return
	}
	w.WriteHeader(status)
	// The client may have gone; there is nobody to tell then.
	_, _ = w.Write(append(encoded, '\n'))
}
