package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
)

// Foreign is an answer in the shape of another program's, for which pages were
// written that can't be changed at once.
type Foreign struct {
	Status int
	// Body is JSON.
	Body []byte
	// Code is why nobody got what was asked for, for the log and the count; empty
	// for an answer that is one.
	Code string
}

// HandleForeign registers a route of a drop-in port. f gets the query as it came:
// what it does not know it ignores, as the other program did. Its error is
// answered as a problem of ours.
func HandleForeign(s *Server, route Route, f func(context.Context, url.Values) (Foreign, error)) {
	if route.Class != DropIn {
		s.flaws = append(s.flaws, errors.New("add route: "+route.Path+" is on no drop-in port"))
		return
	}
	s.add(route, func(w http.ResponseWriter, r *http.Request) {
		answer, err := f(r.Context(), r.URL.Query())
		if err != nil {
			s.fail(w, r, err)
			return
		}
		if answer.Code != "" {
			// Pages of such ports poll, and most of the time there is no card: no
			// line of the usual level for each.
			s.counts.add(answer.Code)
			s.log.LogAttrs(r.Context(), slog.LevelDebug, "drop-in call without an answer",
				slog.String("code", answer.Code), slog.String("route", route.Path), slog.String("request_id", CallerOf(r.Context()).RequestID))
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(answer.Status)
		_, _ = w.Write(answer.Body)
	})
}
