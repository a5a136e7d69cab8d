/**
 * What is left of a disk, and what of it only the log may take. Nothing here writes, and nothing
 * here knows what is written.
 */
package io.sampo.persistence.disk;
