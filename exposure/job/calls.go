package job

import (
	"context"
	"fmt"
	"io"
	"net/url"

	"chipproof/exposure"
	"chipproof/exposure/crawl"
)

// fileCalls reads the calls of an API from the target's file.
func fileCalls(t Target) ([]crawl.Call, error) {
	content, err := readFile(t.At, maxList)
	if err != nil {
		return nil, fmt.Errorf("read list of addresses: %w", crawl.ErrListInvalid)
	}
	switch t.Kind {
	case List:
		return crawl.ParseList(content)
	case HAR:
		return crawl.ParseHAR(content)
	case OpenAPI, Files, Site:
	}
	base, err := url.Parse(t.Base)
	if err != nil {
		return nil, fmt.Errorf("read list of addresses: %w", crawl.ErrListInvalid)
	}
	return crawl.ParseOpenAPI(content, base)
}

// calls of a target, from its file or from where it is published.
func calls(ctx context.Context, t Target, f *crawl.Fetcher) ([]crawl.Call, error) {
	if t.Kind != OpenAPI || !isAddress(t.At) {
		return fileCalls(t)
	}
	at, err := url.Parse(t.At)
	if err != nil {
		return nil, fmt.Errorf("fetch OpenAPI document: %w", crawl.ErrListInvalid)
	}
	page, err := f.Get(ctx, at, nil)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil || page.Status != 200:
		return nil, fmt.Errorf("fetch OpenAPI document: %w", crawl.ErrListInvalid)
	}
	return crawl.ParseOpenAPI(page.Body, page.URL)
}

// options are an API's, with the credentials as their file has them now.
func options(t Target) (o crawl.APIOptions, err error) {
	if t.Credentials == "" {
		return o, nil
	}
	file, err := credentials(t.Credentials)
	if err != nil {
		return o, err
	}
	o.Credentials, err = crawl.ParseCredentials(file)
	return o, err
}

// credentials reads the file and holds it to its form.
func credentials(path string) ([]byte, error) {
	file, err := readFile(path, 64<<10)
	if err != nil {
		return nil, fmt.Errorf("read credentials: %w", crawl.ErrCredentialsInvalid)
	}
	_, err = crawl.ParseCredentials(file)
	return file, err
}

// readFile reads a file of at most so many bytes.
func readFile(path string, most int64) (content []byte, err error) {
	f, err := exposure.FileSource{Path: path}.Open(context.Background())
	if err != nil {
		return nil, err
	}
	defer func() {
		if failed := f.Close(); err == nil {
			err = failed
		}
	}()
	content, err = io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(content)) > most {
		return nil, io.ErrShortBuffer
	}
	return content, err
}
