package program

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"chipproof/audit"
	"chipproof/store"
)

// choreInterval is how often what is over is cleared away. More often than once
// a day, because a counter's machine is switched off at night.
const choreInterval = 6 * time.Hour

// chores clears away what is over until ctx ends: rows of sessions and grants,
// and entries that are older than their class is kept.
func (s *Site) chores(ctx context.Context, keep audit.Policy) {
	for {
		if err := s.clear(ctx, keep); err != nil && ctx.Err() == nil {
			s.Log.Warn("old rows not cleared away", "cause", err)
		}
		timer := time.NewTimer(choreInterval)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return
		}
	}
}

func (s *Site) clear(ctx context.Context, keep audit.Policy) error {
	if _, err := s.MFA.Sweep(ctx); err != nil || len(keep) == 0 {
		return err
	}
	if err := s.declare(ctx, keep); err != nil {
		return err
	}
	_, err := s.Audit.Retain(ctx, store.AuditBy{}, keep)
	return err
}

// declare writes an entry when the policy is another one than that of the last
// such entry, before anything is deleted by it.
func (s *Site) declare(ctx context.Context, p audit.Policy) error {
	says := map[string]string{}
	for class, keep := range p {
		says[string(class)] = strconv.Itoa(int(keep / day))
	}
	last, err := s.Store.List(ctx, store.AuditFilter{Kinds: []audit.Kind{audit.KindPolicy}, Limit: 1})
	if err != nil {
		return err
	}
	if len(last) == 1 && maps.Equal(last[0].Entry.Attributes, says) {
		return nil
	}
	return s.Record(ctx, audit.Event{Kind: audit.KindPolicy, Attributes: says})
}

const day = 24 * time.Hour

// ParsePolicy reads --keep: CLASS=DAYS, once for each class.
func ParsePolicy(words []string) (audit.Policy, error) {
	policy := audit.Policy{}
	for _, word := range words {
		class, number, found := strings.Cut(word, "=")
		days, err := strconv.Atoi(number)
		if _, twice := policy[audit.Class(class)]; !found || err != nil || twice || days < 1 || days > 36_500 {
			return nil, fmt.Errorf("--keep: %q is not of the form CLASS=DAYS, once for each class", word)
		}
		policy[audit.Class(class)] = time.Duration(days) * day
	}
	if err := policy.Check(); err != nil {
		return nil, fmt.Errorf("--keep: %w; classes are %s", err, auditClasses())
	}
	return policy, nil
}

// keepHelp names the classes that may be kept for a limited time.
func keepClasses() string {
	var names []string
	for _, class := range audit.Classes() {
		if class != audit.ClassLog {
			names = append(names, string(class))
		}
	}
	return strings.Join(slices.Clip(names), ", ")
}
