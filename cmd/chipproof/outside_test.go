package main

import (
	"database/sql"
	"fmt"
	"os"
	"strings"

	"filippo.io/age"
)

// sqlTool is whoever gets at the database without chipproof: sql FILE STATEMENT.
// It prints the rows that come back, their columns separated by strokes.
func sqlTool() {
	if err := runSQL(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "sql:", err)
		os.Exit(1)
	}
}

func runSQL(file, statement string) error {
	db, err := sql.Open("sqlite", file)
	if err != nil {
		return err
	}
	defer db.Close()
	rows, err := db.Query(statement)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	for rows.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new(any)
		}
		if err := rows.Scan(values...); err != nil {
			return err
		}
		var line []string
		for _, v := range values {
			line = append(line, fmt.Sprint(*v.(*any)))
		}
		fmt.Println(strings.Join(line, "|"))
	}
	return rows.Err()
}

// ageKeyTool is age-keygen: agekey FILE writes a private key and prints the
// public one.
func ageKeyTool() {
	identity, err := age.GenerateX25519Identity()
	if err == nil {
		err = os.WriteFile(os.Args[1], []byte(identity.String()+"\n"), 0o600)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "agekey:", err)
		os.Exit(1)
	}
	fmt.Println(identity.Recipient())
}
