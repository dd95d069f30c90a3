package program

import (
	"context"
	"errors"
	"sync"
)

// Together runs parts of a program until ctx ends or one of them does, ends the
// others and waits for them. It returns what the first one that failed returned.
func Together(ctx context.Context, parts ...func(context.Context) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var running sync.WaitGroup
	failures := make(chan error, len(parts))
	for _, part := range parts {
		running.Go(func() {
			defer stop()
			if err := part(ctx); err != nil && !errors.Is(err, context.Canceled) {
				failures <- err
			}
		})
	}
	running.Wait()
	close(failures)
	return <-failures
}
