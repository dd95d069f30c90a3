package main

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"chipproof/exposure/crawl"
	"chipproof/exposure/job"
)

// longestScope is more than an owner writes, in bytes.
const longestScope = 64 << 10

// asked is the plan as it stands on the command line.
func (c *scanCmd) asked() job.Asked {
	a := job.Asked{Targets: append([]string{}, c.Targets...), Base: c.Base, Credentials: c.Credentials, Limits: c.Limits.crawl()}
	for _, api := range []struct {
		kind job.Kind
		at   []string
	}{{job.OpenAPI, c.OpenAPI}, {job.List, c.List}, {job.HAR, c.HAR}} {
		for _, at := range api.at {
			a.Targets = append(a.Targets, string(api.kind)+":"+at)
		}
	}
	return a
}

// fetched says that a target lies on a network.
func fetched(target string) bool {
	for _, begin := range []string{"http://", "https://", string(job.OpenAPI) + ":", string(job.List) + ":", string(job.HAR) + ":"} {
		if strings.HasPrefix(target, begin) {
			return true
		}
	}
	return false
}

// plan reads what is asked for. Errors: those of [job.ParsePlan].
func (c *scanCmd) plan(now time.Time) (job.Plan, error) {
	a := c.asked()
	if c.Scope != "" {
		file, err := readInput(c.Scope, nil, longestScope)
		if err != nil {
			return job.Plan{}, fmt.Errorf("read scope file: %w: %w", crawl.ErrScopeInvalid, err)
		}
		// Editors of Windows put a mark in front and CR LF at the ends.
		a.Scope = bytes.ReplaceAll(bytes.TrimPrefix(file, []byte("\ufeff")), []byte("\r\n"), []byte("\n"))
	}
	return job.ParsePlan(a, now)
}
