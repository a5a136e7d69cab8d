/** Reading what etcd leaves, over files made here byte by byte. */
package io.sampo.persistence.etcd;
