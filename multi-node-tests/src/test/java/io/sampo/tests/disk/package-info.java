/** Real members on disks that stand still, that are full, or that fill up. */
package io.sampo.tests.disk;
