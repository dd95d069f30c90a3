package keyfetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"chipproof/proofing/proof"
)

// fetch asks once, and gives the keys and how long they may be used.
func (r *Reader) fetch(ctx context.Context) (_ proof.KeySet, _ time.Duration, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, r.url, nil)
	if err != nil {
		return proof.KeySet{}, 0, fmt.Errorf("ask for key set: %w", err)
	}
	request.Header.Set("Accept", "application/jwk-set+json, application/json")
	answer, err := r.client.Do(request)
	if err != nil {
		return proof.KeySet{}, 0, fmt.Errorf("ask for key set: %w", err)
	}
	defer func() { err = errors.Join(err, answer.Body.Close()) }()
	if answer.StatusCode != http.StatusOK {
		return proof.KeySet{}, 0, fmt.Errorf("ask for key set: status %d", answer.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, proof.MaxKeySet+1))
	if err != nil {
		return proof.KeySet{}, 0, fmt.Errorf("read key set: %w", err)
	}
	if len(body) > proof.MaxKeySet {
		return proof.KeySet{}, 0, fmt.Errorf("read key set: %w: larger than 64 KiB", proof.ErrKeysInvalid)
	}
	keys, err := proof.ParseKeys(body)
	if err != nil {
		return proof.KeySet{}, 0, fmt.Errorf("read key set: %w", err)
	}
	return keys, lifeOf(answer.Header), nil
}

// lifeOf is how long an answer may be used by its headers (RFC 9111 §5.2.2, §5.1):
// never longer than [MaxAge], and never shorter than the time in which no second
// question is asked.
func lifeOf(header http.Header) time.Duration {
	life := unsaid
	for directive := range strings.SplitSeq(strings.Join(header.Values("Cache-Control"), ","), ",") {
		name, value, _ := strings.Cut(strings.ToLower(strings.TrimSpace(directive)), "=")
		switch name {
		case "no-store", "no-cache":
			return Pause
		case "max-age":
			life = seconds(value) - seconds(header.Get("Age"))
		}
	}
	return min(max(life, Pause), MaxAge)
}

// seconds reads a number of seconds; what is none counts as 0, so that nonsense
// makes nothing live longer.
func seconds(text string) time.Duration {
	n, err := strconv.ParseUint(strings.Trim(text, `"`), 10, 31)
	if err != nil {
		return 0
	}
	return time.Duration(n) * time.Second
}
