/** The recipes over a real state machine and a real watch hub, without Raft. */
package io.sampo.node.recipe;
