package exposure

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"chipproof/exposure/formats"
)

// Run says how [Scanner.Files] works.
type Run struct {
	// State remembers what was done.
	State State
	// Tell is called after each item; it may be nil.
	Tell func(Progress)
	// Workers look through files at the same time. Default: one a processor.
	Workers int
	// ItemTime is how long one file may take. Default 10 minutes.
	ItemTime time.Duration
	// MaxFiles is how many files are read at most; the rest is reported as not
	// read. Default 5,000,000.
	MaxFiles int
	// Reachability of the files. Default [Internal].
	Reachability Reachability
}

func (r Run) orDefault() Run {
	if r.Workers <= 0 {
		r.Workers = runtime.GOMAXPROCS(0)
	}
	if r.ItemTime == 0 {
		r.ItemTime = 10 * time.Minute
	}
	if r.MaxFiles == 0 {
		r.MaxFiles = 5_000_000
	}
	if r.Reachability == "" {
		r.Reachability = Internal
	}
	return r
}

// Files looks through files and folders, with everything in them. Symbolic links
// in them are not followed; a root may be one. What was done before, by [State], is passed over. An error
// means that the scan did not come to its end: a root is not there, the context
// is done, or the state could not be kept.
func (s *Scanner) Files(ctx context.Context, roots []string, r Run) error {
	r = r.orDefault()
	f := newFollower(s.clock, r.Tell)
	items, bytes := 0, int64(0)
	if r.Tell != nil {
		err := walk(ctx, roots, func(_ string, size int64, _ error) error {
			items++
			bytes += size
			return nil
		})
		if err != nil {
			return err
		}
		f.total(min(items, r.MaxFiles), bytes)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	work := make(chan file)
	var workers sync.WaitGroup
	for range r.Workers {
		workers.Go(func() {
			for x := range work {
				if err := s.file(ctx, x, r, f); err != nil {
					cancel(err)
				}
			}
		})
	}
	n := 0
	err := walk(ctx, roots, func(path string, size int64, failed error) error {
		n++
		select {
		case work <- file{path, size, failed, n > r.MaxFiles}:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	})
	close(work)
	workers.Wait()
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

// file is one file of the walk.
type file struct {
	path   string
	size   int64
	failed error // it can't be looked at
	over   bool  // it is one too many
}

// walk visits every regular file below the roots.
func walk(ctx context.Context, roots []string, visit func(path string, size int64, failed error) error) error {
	for _, root := range roots {
		if err := walkRoot(ctx, root, visit); err != nil {
			return fmt.Errorf("walk target: %w", withoutPath(err))
		}
	}
	return nil
}

// errNoTarget is for a root that is neither file nor folder, as a pipe or a device:
// passed over, it would look like a clean one.
var errNoTarget = errors.New("neither file nor folder")

func walkRoot(ctx context.Context, root string, visit func(path string, size int64, failed error) error) error {
	info, err := os.Stat(root)
	switch {
	case err != nil:
		return err
	case info.Mode().IsRegular():
		return visit(root, info.Size(), nil)
	case !info.IsDir():
		return errNoTarget
	}
	begin, err := behindLink(root)
	if err != nil {
		return err
	}
	for _, path := range begin {
		err := filepath.WalkDir(path, func(path string, d fs.DirEntry, err error) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err != nil {
				if path == root {
					return err
				}
				return visit(path, 0, err)
			}
			if !d.Type().IsRegular() {
				return nil
			}
			info, err := d.Info()
			if err != nil {
				return visit(path, 0, err)
			}
			return visit(path, info.Size(), nil)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// behindLink is where the walk of a folder begins. One that was named by a symbolic
// link is walked under that name, from what is in it on: the walk itself follows none.
func behindLink(root string) ([]string, error) {
	info, err := os.Lstat(root)
	if err != nil || info.Mode()&fs.ModeSymlink == 0 {
		return []string{root}, err
	}
	entries, err := os.ReadDir(root)
	if err != nil {
		return nil, err
	}
	var list []string
	for _, e := range entries {
		list = append(list, filepath.Join(root, e.Name()))
	}
	return list, nil
}

// withoutPath drops the path from an error of the file system: a file's name may
// be personal.
func withoutPath(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return fmt.Errorf("%s: %w", e.Op, e.Err)
	}
	return err
}

// file looks through one file and keeps its outcome.
func (s *Scanner) file(ctx context.Context, x file, r Run, f *follower) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	id := s.key.TargetID(x.path)
	done, err := r.State.Done(ctx, id)
	if err != nil {
		return fmt.Errorf("read scan state: %w", err)
	}
	if done {
		f.finished(Outcome{}, x.size)
		return nil
	}
	out, err := s.fileOutcome(ctx, x, r)
	if err != nil {
		return err
	}
	if err := r.State.Finish(ctx, out); err != nil {
		return fmt.Errorf("keep scan state: %w", err)
	}
	f.finished(out, x.size)
	return nil
}

func (s *Scanner) fileOutcome(ctx context.Context, x file, r Run) (Outcome, error) {
	switch {
	case x.over:
		return s.unread(x.path, formats.OverLimit), nil
	case x.failed != nil:
		return s.unread(x.path, formats.Unreadable), nil
	}
	limited, cancel := context.WithTimeout(ctx, r.ItemTime)
	defer cancel()
	out, err := s.Scan(limited, Item{Target: x.path, Source: FileSource{x.path, x.size}, Reachability: r.Reachability})
	switch {
	case err == nil:
		return out, nil
	case ctx.Err() != nil:
		return Outcome{}, ctx.Err()
	case limited.Err() != nil:
		out.NotRead = append(out.NotRead, NotRead{out.Target, out.TargetID, formats.TimedOut})
	default: // a bad disk spoils one file, not the scan
		out.NotRead = append(out.NotRead, NotRead{out.Target, out.TargetID, formats.Unreadable})
	}
	return out, nil
}

// unread is the outcome of what was not opened at all; its name is looked at.
func (s *Scanner) unread(name string, why formats.Reason) Outcome {
	out, err := s.Scan(context.Background(), Item{Target: name, Source: BodySource(nil), Reachability: Internal})
	if err == nil {
		out.NotRead = append(out.NotRead, NotRead{out.Target, out.TargetID, why})
	}
	return out
}
