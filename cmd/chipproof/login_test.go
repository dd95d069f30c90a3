package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// passwordInTests is everybody's. People are told apart by their names, which
// no two have alike.
const passwordInTests = "แมวสามตัวข้ามคลอง"

// own posts JSON as a page of the agent's own does, and demands a status.
func (v *visitor) own(url, path, body string, status int) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url+path, strings.NewReader(body))
	if err != nil {
		return "", err
	}
	v.dress(r)
	res, err := client().Do(r)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return "", err
	}
	v.remember(res, answer)
	if res.StatusCode != status {
		return "", fmt.Errorf("POST %s: %s: %s", path, res.Status, answer)
	}
	return string(answer), nil
}

// enrolCmd is a whole enrolment: enrol NAME URL GRANT. The app is called NAME.
func enrolCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: enrol NAME URL GRANT")
	}
	b, name, url, grant := benchOf(ts), args[0], args[1], args[2]
	phone, err := b.visitor(name).enrol(url, grant)
	ts.Check(err)
	b.apps[name] = phone
}

func (v *visitor) enrol(url, grant string) (*app, error) {
	answer, err := v.own(url, "/v1/enrolments", fmt.Sprintf(`{"grant":%q,"password":%q}`, grant, passwordInTests), http.StatusOK)
	if err != nil {
		return nil, err
	}
	phone, err := appWith(answer)
	if err != nil {
		return nil, err
	}
	code, err := phone.next()
	if err != nil {
		return nil, err
	}
	answer, err = v.own(url, "/v1/enrolments/confirm", fmt.Sprintf(`{"grant":%q,"code":%q}`, grant, code), http.StatusOK)
	if err != nil {
		return nil, err
	}
	var paper struct {
		BackupCodes []string `json:"backup_codes"`
	}
	err = json.Unmarshal([]byte(answer), &paper)
	v.codes = paper.BackupCodes
	return phone, err
}

// loginCmd is a whole login with password and app: login NAME URL.
func loginCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 || benchOf(ts).apps[args[0]] == nil {
		ts.Fatalf("usage: login NAME URL, after enrol NAME …")
	}
	b, name, url := benchOf(ts), args[0], args[1]
	v := b.visitor(name)
	ts.Check(v.givePassword(url, name))
	code, err := b.apps[name].next()
	ts.Check(err)
	_, err = v.own(url, "/v1/sessions/current/totp", fmt.Sprintf(`{"code":%q}`, code), http.StatusOK)
	ts.Check(err)
}

func (v *visitor) givePassword(url, name string) error {
	v.cookies, v.csrf = map[string]string{}, ""
	_, err := v.own(url, "/v1/sessions", fmt.Sprintf(`{"username":%q,"password":%q}`, name, passwordInTests), http.StatusOK)
	return err
}
