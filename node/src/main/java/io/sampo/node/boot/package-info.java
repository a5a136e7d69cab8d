/**
 * From a command line to a running node: configuration, the lines of the start, the process's main
 * method. No other package reads flags, variables or files of configuration, and nothing here
 * serves requests.
 */
package io.sampo.node.boot;
