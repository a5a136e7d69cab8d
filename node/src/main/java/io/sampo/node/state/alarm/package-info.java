/**
 * The alarms that members have raised, as the log knows them. What an alarm forbids is decided
 * where requests are applied.
 */
package io.sampo.node.state.alarm;
