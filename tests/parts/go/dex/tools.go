//go:build tools

// Package tools pins the program that this recipe builds.
package tools

import _ "github.com/dexidp/dex/cmd/dex"
