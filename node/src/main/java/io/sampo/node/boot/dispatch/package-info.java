/**
 * The threads on which the actors run. Pekko is told of them by name, in {@code conf/sampo.conf}.
 */
package io.sampo.node.boot.dispatch;
