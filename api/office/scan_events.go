package office

import (
	"context"
	"fmt"
	"reflect"
	"time"

	"github.com/go-json-experiment/json"

	"chipproof/api"
	"chipproof/exposure/job"
)

// ScanEnded is the last event of a scan.
type ScanEnded struct {
	State string `json:"state" enum:"complete,incomplete,canceled" doc:"How it ended"`
}

// Events of a scan's stream.
const (
	eventProgress = "progress"
	eventEnded    = "ended"
)

func scanEvents() api.StreamDoc {
	return api.StreamDoc{eventProgress: reflect.TypeFor[ScanProgress](), eventEnded: reflect.TypeFor[ScanEnded]()}
}

// Pauses of a stream: between two events of one scan, so that a fast one does not
// flood a page; and between two looks at one that another program runs.
const (
	eventPause = 200 * time.Millisecond
	lookPause  = 2 * time.Second
)

// followScan tells how far a scan is until it has ended.
func (e *Exposures) followScan(ctx context.Context, stream *api.Stream) error {
	id := stream.Param("id")
	if _, err := e.endOf(ctx, id); err != nil {
		return err
	}
	if err := stream.Start(); err != nil {
		return err
	}
	for ctx.Err() == nil {
		if err := e.sendProgress(ctx, id, stream); err != nil {
			return err
		}
		state, err := e.endOf(ctx, id)
		if err != nil {
			return err
		}
		if state != job.Open {
			return send(stream, eventEnded, ScanEnded{State: string(state)})
		}
		pause(ctx, lookPause)
	}
	return nil
}

func (e *Exposures) sendProgress(ctx context.Context, id string, stream *api.Stream) error {
	following, stop := context.WithCancel(ctx)
	defer stop()
	for p := range e.Runs.Follow(following, id) {
		if p.Stage == job.Ended {
			break
		}
		if err := send(stream, eventProgress, *progressOf(p)); err != nil {
			return err
		}
		pause(ctx, eventPause)
	}
	return nil
}

// endOf is the state of a scan, of which only its rows know whether it has ended.
func (e *Exposures) endOf(ctx context.Context, id string) (job.State, error) {
	s, err := e.Scans.One(ctx, id)
	if err != nil {
		return "", fmt.Errorf("follow scan: %w", err)
	}
	return s.State, nil
}

func send[T ScanProgress | ScanEnded](stream *api.Stream, event string, v T) error {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("write event: %w", err)
	}
	return stream.Send(event, data)
}

// pause waits, unless ctx ends before.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
