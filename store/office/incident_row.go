package office

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/go-json-experiment/json"

	"chipproof/audit"
	"chipproof/breach"
)

// incidentRow is an event as it is stored. Its link holds it to all before it.
type incidentRow struct {
	number int
	salt   []byte
	link   [sha256.Size]byte
	event  []byte
}

const incidentSalt = 16 // bytes; without it, a short text could be guessed from its link

func newRow(before [sha256.Size]byte, e breach.Event, random io.Reader) (r incidentRow, err error) {
	r.number, r.salt = e.Number, make([]byte, incidentSalt)
	if _, err := io.ReadFull(random, r.salt); err != nil {
		return r, fmt.Errorf("make salt: %w", err)
	}
	if r.event, err = json.Marshal(e, json.Deterministic(true)); err != nil {
		return r, fmt.Errorf("write event: %w", err)
	}
	r.link = linkOf(before, r.salt, r.event)
	return r, nil
}

// linkOf chains an event to those before it. Link and salt have fixed lengths, so
// that no two histories give the same bytes.
func linkOf(before [sha256.Size]byte, salt, event []byte) [sha256.Size]byte {
	h := sha256.New()
	h.Write([]byte("chipproof incident event\n"))
	h.Write(before[:])
	h.Write(salt)
	h.Write(event)
	return [sha256.Size]byte(h.Sum(nil))
}

// entryEvent is the audit entry of an event: what kind and which, not what it says.
func (r incidentRow) entryEvent(e breach.Event, by breach.Actor, more map[string]string) audit.Event {
	kind := audit.KindIncidentEvent
	if e.Number == 1 {
		kind = audit.KindIncidentOpened
	}
	attributes := map[string]string{
		"event": string(e.Body.Kind()), "number": strconv.Itoa(e.Number), "link": hex.EncodeToString(r.link[:]),
	}
	for name, value := range more {
		attributes[name] = value
	}
	return audit.Event{Kind: kind, At: e.At.Time(), Actor: by.ID, Subject: e.Incident, Session: by.Session, Attributes: attributes}
}

// history is a case with the last link of its rows.
type history struct {
	breach.Case
	link [sha256.Size]byte
}

// load reads an incident's whole history, holds each event to its link and to its
// entry of the audit log, and judges all of it again. Errors:
// [breach.ErrIncidentUnknown], [breach.ErrHistoryBroken].
func load(ctx context.Context, tx *sql.Tx, id string, s breach.Settings) (h history, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT i.number, i.salt, i.link, i.event, a.number IS NOT NULL, a.payload
		FROM incident_event AS i LEFT JOIN audit_entry AS a ON a.number = i.entry WHERE i.incident = ? ORDER BY i.number`, id)
	if err != nil {
		return history{}, fmt.Errorf("read incident: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var events []breach.Event
	for rows.Next() {
		var (
			r       incidentRow
			link    []byte
			entered bool
			payload []byte
		)
		if err := rows.Scan(&r.number, &r.salt, &link, &r.event, &entered, &payload); err != nil {
			return history{}, fmt.Errorf("read incident: %w", err)
		}
		r.link = linkOf(h.link, r.salt, r.event)
		e, err := r.check(id, link, entered, payload)
		if err != nil {
			return history{}, fmt.Errorf("read incident: %w: event %d: %w", breach.ErrHistoryBroken, r.number, err)
		}
		events, h.link = append(events, e), r.link
	}
	if err := rows.Err(); err != nil {
		return history{}, fmt.Errorf("read incident: %w", err)
	}
	if len(events) == 0 {
		return history{}, fmt.Errorf("read incident: %w", breach.ErrIncidentUnknown)
	}
	if h.Case, err = breach.Replay(events, s); err != nil {
		return history{}, err
	}
	return h, nil
}

var (
	errLink  = errors.New("is not what was recorded")
	errEntry = errors.New("is not what its audit entry says")
	errPlace = errors.New("stands in another's place")
)

// check holds a row to what its link, its entry and its place say.
func (r incidentRow) check(id string, link []byte, entered bool, payload []byte) (breach.Event, error) {
	if !bytes.Equal(link, r.link[:]) {
		return breach.Event{}, errLink
	}
	e, err := breach.ParseEvent(r.event)
	if err != nil {
		return breach.Event{}, err
	}
	if e.Incident != id || e.Number != r.number {
		return breach.Event{}, errPlace
	}
	if !entered {
		return breach.Event{}, errEntry
	}
	// The content of an entry may be gone: retention or an erasure took it, which
	// is an entry itself. The links of those after it still hold.
	if payload == nil {
		return e, nil
	}
	entry, err := audit.ParseEntry(payload)
	if err != nil {
		return breach.Event{}, errEntry
	}
	want := r.entryEvent(e, breach.Actor{ID: entry.Actor}, nil)
	same := entry.Kind == want.Kind && entry.Subject == want.Subject && entry.Actor == e.By
	for name, value := range want.Attributes {
		same = same && entry.Attributes[name] == value
	}
	if !same {
		return breach.Event{}, errEntry
	}
	return e, nil
}

// known says whether there is such an incident. Error: [breach.ErrIncidentUnknown].
func known(ctx context.Context, tx *sql.Tx, id string) error {
	var one int
	err := tx.QueryRowContext(ctx, `SELECT 1 FROM incident_event WHERE incident = ? AND number = 1`, id).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return breach.ErrIncidentUnknown
	}
	return err
}
