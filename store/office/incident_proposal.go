package office

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"

	"github.com/go-json-experiment/json"

	"chipproof/audit"
	"chipproof/breach"
)

// propose stores what is new of the counted things, each with its audit entry. A
// state of a thing is proposed once; and nothing is proposed of a thing while a
// proposal of it waits, or an incident that came of one isn't closed.
func (i *Incidents) propose(ctx context.Context, counted []breach.Counted) ([]breach.Proposal, error) {
	fresh := []breach.Proposal{}
	err := i.log.Write(ctx, func(tx *sql.Tx) error {
		settings, err := readSettings(ctx, tx)
		if err != nil {
			return err
		}
		now := i.clock()
		fresh = fresh[:0]
		for _, p := range breach.Propose(counted, i.limits, now) {
			if busy, err := attended(ctx, tx, p, settings); err != nil || busy {
				if err != nil {
					return err
				}
				continue
			}
			if p.ID, err = nextID(ctx, tx, "proposal", now, breach.ProposalID); err != nil {
				return err
			}
			if p, err = i.insertProposal(ctx, tx, p); err != nil {
				return err
			}
			fresh = append(fresh, p)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("propose incidents: %w", err)
	}
	return fresh, nil
}

// attended says that somebody knows of it already.
func attended(ctx context.Context, tx *sql.Tx, p breach.Proposal, s breach.Settings) (bool, error) {
	earlier, err := proposals(ctx, tx, `WHERE state_key = ? OR (alarm = ? AND about = ? AND state <> 'dismissed')`, p.Key, p.Alarm, p.Of)
	if err != nil {
		return false, err
	}
	for _, e := range earlier {
		if e.Key == p.Key || e.State == breach.ProposalOpen {
			return true, nil
		}
		h, err := load(ctx, tx, e.Incident, s)
		if err != nil {
			return false, err
		}
		if h.ClosedAt.IsZero() {
			return true, nil
		}
	}
	return false, nil
}

// insertProposal writes a proposal and its entry, which is the evidence where
// there is no other.
func (i *Incidents) insertProposal(ctx context.Context, tx *sql.Tx, p breach.Proposal) (breach.Proposal, error) {
	entry, err := i.log.AppendTx(ctx, tx, audit.Event{
		Kind: audit.KindIncidentProposed, At: p.At.Time(), Subject: p.ID,
		Attributes: map[string]string{"alarm": string(p.Alarm), "number": strconv.Itoa(p.Number)},
	})
	if err != nil {
		return p, err
	}
	if len(p.Links) == 0 {
		p.Links = []breach.Linked{{To: breach.LinkAudit, Ref: strconv.FormatInt(entry.Number, 10)}}
	}
	text, err := json.Marshal(p, json.Deterministic(true))
	if err != nil {
		return p, fmt.Errorf("write proposal: %w", err)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO incident_proposal (id, state_key, alarm, about, state, proposed, proposal) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		p.ID, p.Key, p.Alarm, p.Of, p.State, p.At.Time().UnixMilli(), text)
	if err != nil {
		return p, fmt.Errorf("insert proposal: %w", err)
	}
	return p, nil
}

// Proposals are those in some state, or all where it is empty, newest first.
func (i *Incidents) Proposals(ctx context.Context, state breach.ProposalState) (list []breach.Proposal, err error) {
	err = i.store.Read(ctx, func(tx *sql.Tx) error {
		list, err = proposals(ctx, tx, `WHERE ?1 = '' OR state = ?1 ORDER BY proposed DESC, id DESC`, state)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list proposals: %w", err)
	}
	return list, nil
}

func proposals(ctx context.Context, tx *sql.Tx, where string, args ...any) (list []breach.Proposal, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT id, state_key, state, proposal FROM incident_proposal `+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read proposals: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	list = []breach.Proposal{}
	for rows.Next() {
		var (
			p       breach.Proposal
			id, key string
			state   breach.ProposalState
			text    []byte
		)
		if err := rows.Scan(&id, &key, &state, &text); err != nil {
			return nil, fmt.Errorf("read proposals: %w", err)
		}
		if json.Unmarshal(text, &p, json.RejectUnknownMembers(true)) != nil || p.ID != id || p.State != state {
			return nil, fmt.Errorf("read proposals: %w: %s", breach.ErrHistoryBroken, id)
		}
		p.Key = key
		list = append(list, p)
	}
	return list, rows.Err()
}

// Proposal is one of them. Error: [breach.ErrProposalUnknown].
func (i *Incidents) Proposal(ctx context.Context, id string) (p breach.Proposal, err error) {
	err = i.store.Read(ctx, func(tx *sql.Tx) error {
		p, err = proposal(ctx, tx, id)
		return err
	})
	if err != nil {
		return breach.Proposal{}, fmt.Errorf("read proposal: %w", err)
	}
	return p, nil
}

func proposal(ctx context.Context, tx *sql.Tx, id string) (breach.Proposal, error) {
	found, err := proposals(ctx, tx, `WHERE id = ?`, id)
	if err != nil {
		return breach.Proposal{}, err
	}
	if len(found) == 0 {
		return breach.Proposal{}, breach.ErrProposalUnknown
	}
	return found[0], nil
}

// Accept opens an incident out of a proposal, with its evidence linked, all or
// nothing. report is that of [breach.Proposal.Report] or what the officer made of
// it. Errors: [breach.ErrProposalUnknown], [breach.ErrProposalSettled], those of
// [Incidents.Open].
func (i *Incidents) Accept(ctx context.Context, by breach.Actor, id string, report breach.Reported) (c breach.Case, err error) {
	err = i.log.Write(ctx, func(tx *sql.Tx) error {
		keeper, err := i.keeper(ctx, tx)
		if err != nil {
			return err
		}
		p, err := proposal(ctx, tx, id)
		if err != nil {
			return err
		}
		now := i.clock()
		incident, err := nextID(ctx, tx, "incident", now, breach.IncidentID)
		if err != nil {
			return err
		}
		if p, c, err = keeper.Accept(p, incident, report, by.ID, now); err != nil {
			return err
		}
		if err := settle(ctx, tx, p); err != nil {
			return err
		}
		return i.save(ctx, tx, history{}, c, by, map[string]string{"proposal": id})
	})
	if err != nil {
		return breach.Case{}, fmt.Errorf("accept proposal: %w", err)
	}
	return c, nil
}

// Dismiss settles a proposal without an incident; the reason stays with it.
// Errors: [breach.ErrProposalUnknown], those of [breach.Keeper.Dismiss],
// [audit.ErrUnavailable].
func (i *Incidents) Dismiss(ctx context.Context, by breach.Actor, id, reason string) (p breach.Proposal, err error) {
	err = i.log.Write(ctx, func(tx *sql.Tx) error {
		keeper, err := i.keeper(ctx, tx)
		if err != nil {
			return err
		}
		if p, err = proposal(ctx, tx, id); err != nil {
			return err
		}
		if p, err = keeper.Dismiss(p, reason, by.ID, i.clock()); err != nil {
			return err
		}
		if err := settle(ctx, tx, p); err != nil {
			return err
		}
		_, err = i.log.AppendTx(ctx, tx, audit.Event{
			Kind: audit.KindIncidentDismissed, At: p.SettledAt.Time(), Actor: by.ID, Subject: id, Session: by.Session,
			Attributes: map[string]string{"alarm": string(p.Alarm)},
		})
		return err
	})
	if err != nil {
		return breach.Proposal{}, fmt.Errorf("dismiss proposal: %w", err)
	}
	return p, nil
}

func settle(ctx context.Context, tx *sql.Tx, p breach.Proposal) error {
	text, err := json.Marshal(p, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("write proposal: %w", err)
	}
	result, err := tx.ExecContext(ctx, `UPDATE incident_proposal SET state = ?, proposal = ? WHERE id = ? AND state = 'open'`, p.State, text, p.ID)
	if err != nil {
		return fmt.Errorf("settle proposal: %w", err)
	}
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		return errors.Join(breach.ErrProposalSettled, err)
	}
	return nil
}
